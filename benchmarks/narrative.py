"""How fast prose is read on one core, and how the time grows with hostile text: `python -m benchmarks.narrative`.

Documents a second over the two real reports, where they are at hand, and over the labelled corpus; then, for each
pattern of `corpus/hostile.yaml`, how many times as long twice the text takes.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import yaml

from corpus.labels import read_marked
from ingest.documents import Document
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
TEXTS = PROJECT_ROOT / "corpus" / "texts"
HOSTILE = PROJECT_ROOT / "corpus" / "hostile.yaml"
SIZE = 12_000
ROUNDS = 5


def main() -> None:
    """Print documents a second and ratios of doubled text, as JSON."""
    reports = Path(os.environ.get("JIHENG_REAL_REPORTS", PROJECT_ROOT.parent / "shared" / "reports"))
    real = [path.read_text(encoding="utf-8") for path in sorted(reports.glob("*.txt"))]
    corpus = [read_marked(path).text for path in sorted(TEXTS.glob("*.txt"))]
    patterns = yaml.safe_load(HOSTILE.read_text(encoding="utf-8"))
    print(
        json.dumps(
            {
                "real_reports": _speed(real) if real else None,
                "corpus": _speed(corpus),
                "doubled_text_takes_times": {name: _growth(pattern) for name, pattern in patterns.items()},
            },
            ensure_ascii=False,
        )
    )


def _speed(texts: list[str]) -> dict[str, float]:
    """Documents and characters a second, the best of some rounds."""
    seconds = min(_seconds(texts) for _ in range(ROUNDS))
    characters = sum(map(len, texts))
    return {"documents_a_second": round(len(texts) / seconds, 1), "characters_a_second": round(characters / seconds)}


def _growth(pattern: str) -> float:
    once, twice = ([pattern * (size // len(pattern))] for size in (SIZE, 2 * SIZE))
    return round(min(_seconds(twice) for _ in range(2)) / min(_seconds(once) for _ in range(2)), 2)


def _seconds(texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        read_report(Document("text/plain", text), 2022, REFERENCE)
    return time.process_time() - began


if __name__ == "__main__":
    main()
