"""`jiheng waive` and `jiheng acts`: what people decide about submissions, on the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from ingest.acts import Act

acts = typer.Typer(
    help="人工决定：说明、处理、复核分、申诉、撤回 · explanations, decisions, reviewed scores, appeals, withdrawals.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
By = Annotated[str, typer.Option(help="谁 · who")]
Reason = Annotated[str, typer.Option(help="理由 · why")]
ActId = Annotated[str, typer.Argument(help="决定的标识 · id of the act")]


def waive(
    rule: Annotated[str, typer.Argument(help="规则号，如 A01 · id of the rule")],
    reason: Reason,
    by: By,
    approver: Annotated[str, typer.Option(help="批准人 · who approved it")],
    until: Annotated[str, typer.Option(help="最后有效日 · last day it holds, like 2027-03-31")],
    division: Annotated[str | None, typer.Option(help="限于区划键 · key of a division")] = None,
    department: Annotated[str | None, typer.Option(help="限于部门键 · key of a department")] = None,
    year: Annotated[int | None, typer.Option(help="限于年度 · fiscal year")] = None,
    version: Annotated[str | None, typer.Option(help="限于某次报送 · id of one version")] = None,
) -> None:
    """豁免一条规则：须有理由、批准人、到期日和范围 · waive a rule, with reason, approver, last day and scope."""
    from ingest.acts import Act
    from ingest.checking.catalogue import catalogue

    if rule not in catalogue(Settings.from_environment().reference):
        raise typer.BadParameter(f"没有这条规则 no such rule: {rule}")
    scope: dict[str, Any] = {"division_key": division, "department_key": department, "fiscal_year": year}
    scope |= {"submission_version_id": version, "approved_by": approver, "valid_until": _day(until)}
    _record(Act("waiver", reason, by, rule_id=rule, **scope))


@acts.callback()
def list_acts(context: typer.Context, as_json: AsJson = False) -> None:
    """列出所有人工决定 · list every act."""
    if context.invoked_subcommand is not None:
        return
    from ingest.acts import waivers_in_force
    from ingest.lake import Lake

    rows = Lake(Settings.from_environment().lake).read("act")
    today = datetime.now(LOCAL_TIME).date()
    waivers = [*waivers_in_force(rows, today), *waivers_in_force(rows, today, "gate_waiver")]
    holding = {row["act_id"] for row in waivers}
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        state = row["state"]
        if row["kind"] in ("waiver", "gate_waiver"):
            state = "有效 holds" if row["act_id"] in holding else "已失效 over"
        about = next((row[name] for name in ("rule_id", "finding_id", "refers_to", "submission_id") if row[name]), "")
        line = (row["act_id"], f"{row['at']:%Y-%m-%d}", row["kind"], about, state or "", row["by"], row["words"])
        typer.echo("  ".join(line))
    if not rows:
        typer.echo("没有人工决定 · none")


@acts.command("end-waiver")
def end_waiver(act_id: ActId, reason: Reason, by: By) -> None:
    """提前终止豁免 · end a waiver before its last day."""
    _say("waiver_ended", reason, by, refers_to=act_id)


@acts.command()
def explain(
    finding: Annotated[str, typer.Argument(help="问题标识（见回执） · id of the finding, on the receipt")],
    words: Annotated[str, typer.Option(help="说明 · the explanation")],
    by: By,
) -> None:
    """报送单位对问题的说明 · a sender's explanation of a finding."""
    _say("explanation", words, by, finding_id=finding)


@acts.command()
def decide(
    act_id: ActId,
    state: Annotated[str, typer.Argument(help="accepted 采纳 / refused 不采纳")],
    reason: Reason,
    by: By,
) -> None:
    """处理说明 · accept or refuse an explanation."""
    _say("decision", reason, by, refers_to=act_id, state=state)


@acts.command()
def score(
    version: Annotated[str, typer.Argument(help="报送版本标识 · id of the version")],
    points: Annotated[str, typer.Argument(help="复核得分 · reviewed score, 0 to 100")],
    reason: Reason,
    by: By,
) -> None:
    """录入复核得分 · enter a reviewed score."""
    try:
        value = Decimal(points)
    except InvalidOperation as error:
        raise typer.BadParameter(f"不是数字 not a number: {points}") from error
    _say("reviewed_score", reason, by, submission_version_id=version, score=value)


@acts.command()
def appeal(
    submission: Annotated[str, typer.Argument(help="报送标识 · id of the submission")],
    words: Annotated[str, typer.Option(help="申诉内容 · what is appealed against")],
    by: By,
) -> None:
    """申诉 · an appeal."""
    _say("appeal", words, by, submission_id=submission)


@acts.command("decide-appeal")
def decide_appeal(
    act_id: ActId,
    state: Annotated[str, typer.Argument(help="upheld 支持 / partly_upheld 部分支持 / rejected 驳回")],
    reason: Reason,
    by: By,
) -> None:
    """处理申诉 · decide on an appeal."""
    _say("appeal_decision", reason, by, refers_to=act_id, state=state)


@acts.command()
def withdraw(
    submission: Annotated[str, typer.Argument(help="报送标识 · id of the submission")], reason: Reason, by: By
) -> None:
    """撤回报送；以后可重新报送 · withdraw a submission; it may come again."""
    _say("withdrawal", reason, by, submission_id=submission)


@acts.command("return")
def return_version(
    version: Annotated[str, typer.Argument(help="报送版本标识 · id of the version")], reason: Reason, by: By
) -> None:
    """同意按新的读取结果退回一份已受理的报告 · let a newer reading return an accepted report; replay it then."""
    _say("return", reason, by, submission_version_id=version)


def _say(kind: Any, words: str, by: str, **about: Any) -> None:
    from ingest.acts import Act

    _record(Act(kind, words, by, **about))


def _record(act: Act) -> None:
    from ingest.acts import ActError, record
    from ingest.lake import Lake
    from jiheng import clock

    settings, now = Settings.from_environment(), datetime.now(UTC)
    clock.check(settings, now)
    try:
        row = record(Lake(settings.lake), act, now)
    except ActError as error:
        fail("E2005", str(error), "jiheng acts --help", 2)
    typer.echo(f"已记录 recorded: {row['act_id']}\n下次建仓生效 · takes effect with the next build: jiheng publish")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"日期写作 2027-03-31 · a date like 2027-03-31, not {text}") from error
