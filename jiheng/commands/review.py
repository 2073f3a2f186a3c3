"""`jiheng review`: open questions about names and roles, and answers to them."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

review = typer.Typer(
    help="复核队列：列出待答问题，记录答复 · open questions about names and roles, and answers to them.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@review.callback()
def review_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="列出几个 · how many to list")] = 20,
    as_json: AsJson = False,
) -> None:
    """列出待答问题，所涉陈述多的在前 · list open questions, those that most claims hang on first."""
    from jiheng import review as queue_of
    from jiheng.warehouse import NothingBuiltError

    if context.invoked_subcommand is not None:
        return
    try:
        queue = queue_of.open_queue(Settings.from_environment())
    except NothingBuiltError as error:
        fail("E4002", str(error), "jiheng build", 4)
        return
    if as_json:
        typer.echo(json.dumps(queue_of.as_rows(queue, limit), ensure_ascii=False, default=str))
    elif queue.items:
        from rich.console import Console

        Console().print(queue_of.table_of(queue, limit))
    else:
        typer.echo("没有待答的问题 · no open questions")


@review.command(name="answer")
def review_answer(
    item: Annotated[str, typer.Argument(help="问题标识 · id of the question")],
    by: Annotated[str, typer.Option(help="谁 · who")],
    reason: Annotated[str, typer.Option(help="为什么 · why")],
    as_indicator: Annotated[str, typer.Option("--as", help="已有指标的键 · key of a known indicator")] = "",
    new: Annotated[str, typer.Option(help="新指标的键 · key of a new indicator")] = "",
    no_indicator: Annotated[bool, typer.Option("--none", help="不是指标 · no indicator")] = False,
    role: Annotated[str, typer.Option(help="角色，如 target · role of the figure")] = "",
    reopen: Annotated[bool, typer.Option("--reopen", help="撤回答复，重新待答 · take the answer back")] = False,
    title: Annotated[str, typer.Option(help="新指标的中文名称 · Chinese name of a new indicator")] = "",
    title_en: Annotated[str, typer.Option(help="新指标的英文名称 · English name of a new indicator")] = "",
    category: Annotated[str, typer.Option(help="新指标的类别 · class of a new indicator")] = "",
    direction: Annotated[str, typer.Option(help="新指标的方向 · direction of a new indicator")] = "positive",
    unit_family: Annotated[str, typer.Option(help="新指标的单位族（默认同问题） · its unit family")] = "",
    as_json: AsJson = False,
) -> None:
    """记录一个答复：--as、--new、--none、--role、--reopen 之一 · record an answer, one of these five."""
    from ingest.naming.answers import Answer, AnswerError
    from jiheng import review as queue_of
    from jiheng.warehouse import NothingBuiltError

    kind, value = _one_of({"indicator": as_indicator, "new_indicator": new, "role": role}, no_indicator, reopen)
    settings = Settings.from_environment()
    try:
        question = queue_of.find_item(settings, item)
        answer = Answer(kind, value)
        if new:
            family = unit_family or question.unit_family
            answer = Answer(kind, value, title or None, title_en or title, category, direction, family)
        recorded = queue_of.take_answer(settings, question, answer, by, reason)
    except NothingBuiltError as error:
        fail("E4002", str(error), "jiheng build", 4)
    except (queue_of.UnknownItemError, AnswerError) as error:
        fail("E2004", str(error), "jiheng review", 2)
    else:
        if as_json:
            facts = {"review_item_id": item, "recorded": recorded.is_new, **recorded.row}
            typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
            return
        for line in queue_of.answer_lines(question, recorded):
            typer.echo(line)


def _one_of(said: dict[str, str], no_indicator: bool, reopen: bool) -> tuple[str, str | None]:
    """The kind of the answer and its value; the command ends where none or several are given."""
    given: list[tuple[str, str | None]] = [(kind, value) for kind, value in said.items() if value]
    given += [(kind, None) for kind, told in (("no_indicator", no_indicator), ("reopened", reopen)) if told]
    if len(given) != 1:
        fail(
            "E2003",
            "--as、--new、--none、--role、--reopen 用且只用一个 · give exactly one of them",
            "jiheng review answer --help",
            2,
        )
    return given[0]
