"""`jiheng privacy`: a person's data, found and erased on request."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

if TYPE_CHECKING:
    from ingest.redaction import Words
    from jiheng.privacy import Place

privacy = typer.Typer(
    help="个人信息：查找、应请求删除 · a person's data: find them, erase them on request.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
# Words in the arguments of a command would stay in the shell's history and in the list of processes.
WordsFrom = Annotated[
    typer.FileText,
    typer.Option("--words", help="每行一个词的文件，- 为标准输入 · a file with a word a line; - reads the input"),
]
By = Annotated[str, typer.Option(help="经办人 · who")]
Reason = Annotated[str, typer.Option(help="理由，不要写出有关个人信息 · why; without the data themselves")]
TOLD = {
    "erased": "原件删除、文本遮盖 bytes erased, text masked",
    "masked": "遮盖 masked",
    "removed": "删除 removed",
    "retired": "有新的一期后撤下 taken away once another edition stands",
    "left": "须人工处理 left to a person",
}


@privacy.command()
def find(words: WordsFrom, by: By, reason: Reason, as_json: AsJson = False) -> None:
    """在哪里，删除时各如何处理；查找本身记录在案 · where they stand, and what an erasure would do; put on record."""
    from ingest.archive import Visit
    from jiheng import privacy as data

    settings = Settings.from_environment()
    places = data.find(settings, _words(words), Visit(by, "cli", reason))
    if as_json:
        typer.echo(json.dumps([asdict(place) | {"fate": place.fate} for place in places], ensure_ascii=False))
        return
    _tell(places)
    if unread := data.unread(settings):
        typer.echo(f"另有 {len(unread)} 份没有读出文字，须人工查看 · without a text, look by eye:")
        for digest in unread[:20]:
            typer.echo(f"  archive/{digest[:2]}/{digest}/original")


@privacy.command()
def erase(
    words: WordsFrom,
    by: By,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="不可恢复，确认删除 · for good, and meant")] = False,
) -> None:
    """删除：原件去除，其余遮盖，各处校验仍然成立 · erase for good; every hash still fits."""
    from ingest.archive import Visit
    from jiheng import privacy as data

    if not yes:
        fail("E2010", "没有删除任何内容 nothing was erased", "先 first `jiheng privacy find`，再 then --yes", 2)
    left = data.erase(Settings.from_environment(), _words(words), Visit(by, "cli", reason))
    typer.echo("已删除 erased")
    _tell(left)
    if any(place.kind == "edition" for place in left):
        typer.echo("接着运行 · then: jiheng nightly，jiheng retire")
    typer.echo("此前的备份仍含这些信息，见 · backups from before still hold them: docs/operator/privacy.md")


def _words(lines: typer.FileText) -> Words:
    from ingest.redaction import Words

    found = tuple(line.strip() for line in lines if line.strip())
    if not found:
        raise typer.BadParameter("没有给出任何词 · no word was given")
    try:
        return Words(found)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _tell(places: list[Place]) -> None:
    for place in places:
        typer.echo(f"{place.kind:<12} {place.count:>6}  {place.name}  {TOLD[place.fate]}")
    if not places:
        typer.echo("没有找到 · none found")
