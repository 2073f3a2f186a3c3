"""`jiheng generate`, `evaluate`: made-up provinces, and the reader's score against what is known to be true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson, settings_of


def generate(
    target: Annotated[Path, typer.Argument(help="写到哪里 · where to write")],
    divisions: int = 12,
    departments: int = 4,
    years: int = 2,
    errors: str = "0.34",
    seed: int = 7,
    mix: Annotated[
        str,
        typer.Option(help="构成：sample、province、text-and-word、every-format · what it is mixed of"),
    ] = "sample",
) -> None:
    """造一个样例省 · write a made-up province with known truth."""
    from decimal import Decimal

    from samples.generator import generate as write

    write(target, divisions, departments, years, Decimal(errors), seed, mix)
    typer.echo(f"已写到 written to {target}")


def evaluate(
    truth: Annotated[
        Path | None,
        typer.Argument(help="标注语料、gold_*.jsonl 或 truth.json · labelled texts, gold or a province's truth"),
    ] = None,
    misses: Annotated[int, typer.Option(help="列出多少条差错 · how many misses to show")] = 10,
    baseline: Annotated[
        Path | None, typer.Option(help="不得低于此基线 · fail when a column falls below this file")
    ] = None,
    accept: Annotated[bool, typer.Option(help="写入新基线 · write the baseline of the corpus anew")] = False,
    as_json: AsJson = False,
) -> None:
    """给阅读器打分：标注语料，或样本省份的真相 · score the reader against labelled texts or a province's truth."""
    if truth is not None and truth.name == "truth.json":
        _evaluate_province(truth, misses, as_json)
    else:
        _evaluate_texts(truth, misses, baseline, accept, as_json)


def _evaluate_province(truth: Path, misses: int, as_json: bool) -> None:
    from ingest.lake import Lake
    from samples.evaluate import evaluate as score

    lake = Lake(settings_of().lake)
    tables: list[Any] = [lake.read(name) for name in ("submission_version", "claim", "finding", "arrival")]
    scores = score(truth, *tables)
    if as_json:
        typer.echo(json.dumps({name: [one.found, one.expected] for name, one in scores.items()}))
        return
    for name, one in scores.items():
        typer.echo(f"{name:>14}  {one.found} / {one.expected}")
        for miss in one.misses[:misses]:
            typer.echo(f"{'':>16}{miss}")


def _evaluate_texts(path: Path | None, misses: int, baseline: Path | None, accept: bool, as_json: bool) -> None:
    from corpus import evaluate as corpus
    from corpus.score import score_texts

    score = score_texts(corpus.labelled_texts(path or corpus.TEXTS), settings_of().reference)
    if accept:
        corpus.BASELINE.write_text(json.dumps(corpus.as_json(score), indent=1) + "\n", encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(corpus.as_json(score), ensure_ascii=False))
    else:
        _show_table(corpus.table(score), score.misses[:misses], score.unclaimed_digits)
    fallen = corpus.drops(score, json.loads(baseline.read_text(encoding="utf-8"))) if baseline else []
    if fallen:
        fail("E1001", f"低于基线 below the baseline: {'; '.join(fallen)}", "jiheng evaluate --misses 100", 1)


def _show_table(rows: list[list[str]], misses: list[str], unclaimed: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for number, header in enumerate(rows[0]):
        table.add_column(header, justify="right" if number else "left", no_wrap=True)
    for row in rows[1:]:
        table.add_row(*row, style="bold" if row[0] == "total" else None)
    Console().print(table)
    typer.echo(f"未归类数字 unclaimed digits: {unclaimed}")
    for miss in misses:
        typer.echo(miss)
