"""`jiheng compare-methods`: who would move if another ranking method were used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

if TYPE_CHECKING:
    from jiheng.query import Answer, Asked

UNITS = {"division": "区划 divisions", "department": "部门 departments"}


def compare_methods(
    one: Annotated[str, typer.Argument(metavar="A", help="方法甲，如现行的 · a method, such as the one in use")],
    other: Annotated[str, typer.Argument(metavar="B", help="方法乙，如拟采用的 · the one to compare it with")],
    limit: Annotated[int, typer.Option(min=0, help="各列出几个变动者，0 为全部 · how many movers, 0 for all")] = 20,
    as_json: AsJson = False,
) -> None:
    """用两个方法计算同样的事实，列出名次的变动 · compute two methods on the same facts and list who moves."""
    from jiheng import comparison

    try:
        with comparison.comparing(Settings.from_environment(), one, other) as asking:
            _tell(asking, one, other, limit, as_json)
    except comparison.UnknownMethodError as error:
        fail("E2008", str(error), "dbt_project/seeds/ranking_methods.csv", 2)


def _tell(asking: Asked, one: str, other: str, limit: int, as_json: bool) -> None:
    from jiheng import comparison, query

    groups = asking.answer(comparison.GROUPS, None)
    most = None if as_json else limit or None
    movers = {unit: asking.answer(comparison.MOVERS[unit], most) for unit in UNITS}
    if as_json:
        facts = {"one": one, "other": other, "groups": _rows(groups)}
        facts |= {unit: _rows(answer) for unit, answer in movers.items()}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    console = query.console()
    console.print(
        f"甲 {one}，乙 {other}：同样的事实，两个方法 · the same facts under two methods; nothing is published"
    )
    console.print(query.shown(groups, console.width))
    for unit, answer in movers.items():
        moved = len(answer.rows) + answer.more
        console.print(f"名次变动的{UNITS[unit]}：{moved} · 升降为正即前移 a positive move is upwards")
        if answer.rows:
            console.print(query.shown(answer, console.width))


def _rows(answer: Answer) -> list[dict[str, Any]]:
    names = [name for name, _ in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]
