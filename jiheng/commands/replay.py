"""`jiheng replay`: read archived files again, or build as of a date, on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

if TYPE_CHECKING:
    from jiheng.replay import Chosen

Many = list[str]


def replay(
    year: Annotated[list[int] | None, typer.Option(help="年度，可多次 · fiscal year, may be repeated")] = None,
    division: Annotated[Many | None, typer.Option(help="区划键 · key of a division")] = None,
    department: Annotated[Many | None, typer.Option(help="部门键 · key of a department")] = None,
    version: Annotated[Many | None, typer.Option(help="报送版本标识 · id of a version")] = None,
    reason: Annotated[
        Many | None, typer.Option(help="未收原因代码，如 UNKNOWN_FORMAT：重读因此未收的文件 · files refused for it")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="已由现在的读取程序读过的也重读 · also what the current reader has read")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会重读哪些 · only list what would be read")] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="读，但不入湖，列出不同之处 · read, land nothing, tell what differs")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="不重读，按此时间重建，如 2026-03-31 · build as of then instead", metavar="TIME")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="与 --as-of 同用：重建后发布 · publish what --as-of builds")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """用新的读取程序重读已归档的文件，或按日期重建 · read archived files again, or build as of a date."""
    from ingest.replay.selection import Selection, SelectionError
    from jiheng import replay as replaying

    settings, moment = Settings.from_environment(), datetime.now(UTC)
    run_id = f"replay__{moment.isoformat()}"
    if as_of is not None:
        _rebuild(settings, run_id, as_of, publish)
        return
    if publish:
        _wrong("--publish 只与 --as-of 同用；重读的结果随下一夜发布 · --publish goes with --as-of")
    said = {"fiscal_years": year, "divisions": division, "departments": department, "versions": version}
    selection = Selection.from_json({**said, "reasons": reason, "is_forced": force})
    try:
        if dry_run:
            _list(
                [replaying.item_line(item) for item in replaying.listed(settings, run_id, selection, moment)], as_json
            )
            return
        chosen = replaying.choose(settings, run_id, selection, moment)
    except SelectionError as error:
        _wrong(str(error))
    if compare:
        _compare(chosen, as_json)
    else:
        _land(settings, chosen, as_json)


def _list(lines: list[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        typer.echo(line)
    typer.echo(f"会重读 would be read again: {len(lines)}")


def _compare(chosen: Chosen, as_json: bool) -> None:
    from jiheng import replay as replaying

    total: list[dict[str, int]] = []
    facts: list[dict[str, Any]] = []
    for one in replaying.compare(chosen):
        total.append({one.became: 1})
        if as_json:
            found = one.difference.as_json() if one.difference else {}
            facts.append(
                {"version": one.item.version_id, "arrival": one.item.arrival.arrival_id, "became": one.became}
                | {"verdict_before": one.item.verdict, "verdict": one.verdict, "reason_code": one.reason_code}
                | found
            )
        elif replaying.is_news(one):
            typer.echo(replaying.reread_line(one))
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(f"比较了 compared: {len(total)}；没有入湖 · nothing was landed")
    for line in replaying.total_lines(total):
        typer.echo(f"  {line}")


def _land(settings: Settings, chosen: Chosen, as_json: bool) -> None:
    from jiheng import replay as replaying

    counts: list[dict[str, int]] = []
    for one in replaying.run(settings, chosen):
        counts.append(one)
        if not as_json:
            typer.echo(f"第 {len(counts)}/{len(chosen.batches)} 批 batch")
    if as_json:
        typer.echo(json.dumps({"read": len(chosen.items), "batches": counts}))
        return
    if not chosen.items:
        typer.echo("没有要重读的 · nothing to read again")
        return
    for line in replaying.total_lines(counts):
        typer.echo(line)
    if any(one.get("withheld") for one in counts):
        typer.echo(
            "同意退回的：jiheng acts return <版本> --by … --reason …，再 jiheng replay --version <版本>；"
            "先看 jiheng replay --compare · to let one be returned, say so and replay it"
        )
    typer.echo("下次建仓生效 · takes effect with the next build: jiheng publish")


def _rebuild(settings: Settings, run_id: str, as_of: str, publish: bool) -> None:
    from jiheng.night import AsOfError
    from jiheng.replay import rebuild

    try:
        result = rebuild(settings, run_id, as_of, publish)
    except AsOfError as error:
        _wrong(str(error))
    typer.echo(json.dumps(result, ensure_ascii=False))


def _wrong(message: str) -> NoReturn:
    fail("E2041", message, "jiheng replay --help", 2)
