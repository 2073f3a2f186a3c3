"""`jiheng query`: questions to the published edition, on the command line."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings


def query(
    sql: Annotated[str | None, typer.Argument(help="SQL；- 为标准输入 · SQL, or - for standard input")] = None,
    example: Annotated[str | None, typer.Option(metavar="NAME", help="运行一个示例 · run an example")] = None,
    list_examples: Annotated[bool, typer.Option("--list", help="列出示例 · list the examples")] = False,
    variables: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="SQL 中 getvariable('NAME') 的值 · a variable of the SQL"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0, help="至多几行，0 为全部；默认显示 50 行，--json 和 --csv 为全部 · at most so many rows, 0 for all"
        ),
    ] = None,
    of_runs: Annotated[
        bool, typer.Option("--runs", help="查询各步骤的运行记录 fct_run_step · ask what runs did, not the edition")
    ] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV（Excel 可直接打开） · CSV, which Excel opens")] = False,
) -> None:
    """查询当前一期（只读） · query the published edition, read-only."""
    from jiheng import query as questions

    if list_examples:
        questions.console().print(questions.list_of(questions.examples()))
        return
    if (sql is None) == (example is None) or (as_json and as_csv):
        fail(
            "E2007",
            "SQL 与 --example 用且只用一个，--json 与 --csv 不同用 · give either SQL or --example",
            "jiheng query --list",
            2,
        )
    with _runs() if of_runs else nullcontext(None) as table:
        _answer(table or _warehouse(), sql, example, variables or [], limit, as_json, as_csv)


@contextmanager
def _runs() -> Iterator[Path]:
    """The records of runs as a warehouse of one table, for as long as it is asked."""
    from jiheng.monitoring import runs

    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "runs.duckdb"
        runs.write_table(Settings.from_environment(), table)
        yield table


def _answer(
    warehouse: Path,
    sql: str | None,
    example: str | None,
    variables: list[str],
    limit: int | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    from jiheng import query as questions

    try:
        asked = questions.example(example).sql if example else sys.stdin.read() if sql == "-" else str(sql)
        given = _variables(variables)
        if as_csv:
            sys.stdout.buffer.write(questions.as_csv(warehouse, asked, limit or None, given))
            return
        most = limit or None if as_json or limit is not None else questions.ROWS_SHOWN
        with questions.asking(warehouse, given) as asking:
            answer = asking.answer(asked, most)
    except questions.QueryError as error:
        fail("E2002", str(error), error.hint, 2)
    if as_json:
        names = [name for name, _ in answer.columns]
        typer.echo(
            json.dumps([dict(zip(names, row, strict=True)) for row in answer.rows], ensure_ascii=False, default=str)
        )
        return
    console = questions.console()
    console.print(questions.shown(answer, console.width))
    typer.echo(questions.summary(answer), err=True)


def _warehouse() -> Path:
    from jiheng.warehouse import WAREHOUSE
    from publish import editions

    standing = editions.current(Settings.from_environment().editions)
    if standing is None:
        fail("E4001", "还没有发布过 nothing is published yet", "make nightly", 4)
    return standing / WAREHOUSE


def _variables(given: list[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given]
    for name, equals, _ in pairs:
        if not equals:
            raise typer.BadParameter(f"--set NAME=VALUE，而不是 not {name!r}")
    return {name: value for name, _, value in pairs}
