"""`jiheng evaluate`: which texts are scored, the table that people read, the baseline no column may fall below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.labels import LabelError, Labelled, read_gold, read_marked
from corpus.score import COLUMNS, Score, Tally
from ingest.documents import read_document
from ingest.reading import grammar
from ingest.reading.claims import READER_VERSION

HERE = Path(__file__).resolve().parent
TEXTS = HERE / "texts"
BASELINE = HERE / "baseline.json"
# Shorter words for columns, so that the table fits a terminal of eighty characters.
HEADERS = {"operator": "oper.", "subject": "subj.", "period": "time"}
YEAR = re.compile(r"20\d{2}(?=年)")


def labelled_texts(path: Path) -> list[Labelled]:
    """The labelled texts at `path`: a text with marks, a folder of them, a gold annotation (`gold_*.jsonl`), or a
    folder of those. Raises `LabelError` when there is none, or when a text of an annotation is not found.
    """
    found = list(
        _annotations(path)
        if path.suffix == ".jsonl" or (path.is_dir() and any(path.glob("*.jsonl")))
        else _marked(path)
    )
    if not found:
        raise LabelError(f"no labelled text at {path}: neither *.txt with marks nor *.jsonl")
    return found


def _marked(path: Path) -> Iterator[Labelled]:
    for text in [path] if path.is_file() else sorted(path.glob("*.txt")):
        yield read_marked(text)


def _annotations(path: Path) -> Iterator[Labelled]:
    """Gold annotations, each with the text whose name begins with its number, beside it or in the folder `reports`."""
    for annotation in [path] if path.is_file() else sorted(path.glob("gold_*.jsonl")):
        number = annotation.stem.removeprefix("gold_")
        folders = (annotation.parent, annotation.parent.parent / "reports")
        texts = [text for folder in folders for text in sorted(folder.glob(f"{number}*")) if text != annotation]
        if not texts:
            raise LabelError(f"{annotation}: no text named {number}… beside it or in ../reports")
        document = read_document(texts[0].read_bytes())
        yield read_gold(annotation, document.text, _fiscal_year(annotation, document.text))


def _fiscal_year(annotation: Path, text: str) -> int:
    """The fiscal year that the annotation names, else the first year of the text."""
    for line in annotation.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["name"] == "预算年度" and str(row["value"]).isdigit():
            return int(row["value"])
    first = YEAR.search(text)
    return int(first[0]) if first else 0


def as_json(score: Score) -> dict[str, Any]:
    """The score as plain data: counts of right answers by column, over all, by kind and by group."""
    return {
        "reader": READER_VERSION,
        "grammar": grammar.version(),
        "unclaimed_digits": score.unclaimed_digits,
        "total": _counts(score.total),
        "by_kind": {name: _counts(tally) for name, tally in sorted(score.by_kind.items())},
        "by_group": {name: _counts(tally) for name, tally in sorted(score.by_group.items())},
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {"labels": tally.labels, "alarms": tally.alarms, **tally.right}


def table(score: Score) -> list[list[str]]:
    """The score for people: a header, a row a kind, a row a group, and the total; shares in percent."""
    rows = [["", "标注", *(HEADERS.get(column, column) for column in COLUMNS), "误报"]]
    for part in (score.by_kind, score.by_group, {"total": score.total}):
        rows += [_row(name, tally) for name, tally in sorted(part.items())]
    return rows


def _row(name: str, tally: Tally) -> list[str]:
    shares = [f"{100 * tally.right[column] / tally.labels:.1f}" if tally.labels else "" for column in COLUMNS]
    return [name, str(tally.labels), *shares, str(tally.alarms)]


def drops(score: Score, baseline: dict[str, Any]) -> list[str]:
    """Where the score fell below the baseline: by column over all and by kind, in counts of right answers."""
    now = as_json(score)
    fallen = []
    for name, before in {"total": baseline["total"], **baseline["by_kind"]}.items():
        after = now["total"] if name == "total" else now["by_kind"].get(name, {})
        fallen += [
            f"{name}.{column}: {after.get(column, 0)} < {before[column]}"
            for column in COLUMNS
            if after.get(column, 0) < before[column]
        ]
    if now["total"]["alarms"] > baseline["total"]["alarms"]:
        fallen.append(f"total.alarms: {now['total']['alarms']} > {baseline['total']['alarms']}")
    return fallen
