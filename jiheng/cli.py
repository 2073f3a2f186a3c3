"""The command line. Every verb imports what it needs when it is called, so that `--help` answers at once."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiheng.commands.acts import acts, waive
from jiheng.commands.audit import audit
from jiheng.commands.backup import backup, restore
from jiheng.commands.clock import clock
from jiheng.commands.compare import compare_methods
from jiheng.commands.errors import fail, tell
from jiheng.commands.gate import gate
from jiheng.commands.notify import notify
from jiheng.commands.publication import freeze, retire, rollback, watchdog
from jiheng.commands.query import query
from jiheng.commands.remind import remind
from jiheng.commands.replay import replay
from jiheng.commands.status import status
from jiheng.commands.tiles import tiles
from jiheng.commands.tokens import tokens
from jiheng.commands.verify import keys, verify
from jiheng.settings import Settings

if TYPE_CHECKING:
    from jiheng.night import Night

EPILOG = (
    "退出码 exit codes: 0 完成 ok · 1 失败 failure · 2 用法 usage · "
    "3 门禁未通过、保留上一期 gate held · 4 环境 environment"
)
app = typer.Typer(
    help="绩衡：自评报告的核实、排名与发布。 Jiheng: checked facts and rankings from self-evaluation reports.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
review = typer.Typer(
    help="复核队列：列出待答问题，记录答复 · open questions about names and roles, and answers to them.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(review, name="review")
app.add_typer(acts, name="acts")
app.add_typer(gate, name="gate")
app.add_typer(tokens, name="token")
app.add_typer(clock, name="clock")
app.add_typer(keys, name="keys")
for act in (
    waive, remind, notify, query, verify, rollback, freeze, retire, watchdog, tiles, replay, backup, restore, status,
    audit,
):  # fmt: skip
    app.command()(act)
app.command(name="compare-methods")(compare_methods)
AsJson = Annotated[bool, typer.Option("--json", help="给程序读 · for programs")]
Inbox = Annotated[
    str | None,
    typer.Option(
        help="收件目录或 s3://… 地址 · directory or URL of files handed in (default JIHENG_HOME/inbox)", metavar="PLACE"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(help="数据截止时间，如 2026-03-31 或 2026-03-31T22:00 · the lake as it was then", metavar="TIME"),
]
Registers = Annotated[Path | None, typer.Option(help="另加的名册目录 · a further directory of registers")]


def main() -> None:
    """Entry point; a mistake of ours, of the data or of the disk ends with one readable error, not with a traceback."""
    # A log that cannot be written for want of space must not tell so in tracebacks over the one error that counts.
    logging.raiseExceptions = False
    try:
        app()
    except Exception as error:
        tell(error)


@app.callback()
def _begin() -> None:
    from jiheng.monitoring import logs

    logs.configure(Settings.from_environment())


def _say(line: str) -> None:
    typer.echo(line)


def _settings(inbox: str | None = None, registers: Path | None = None) -> Settings:
    if inbox is not None:
        is_url = "://" in inbox
        if not is_url and not Path(inbox).is_dir():
            fail(
                "E2001", f"收件目录不存在 no such inbox: {inbox}", "检查 --inbox 的路径 · check the path of --inbox", 2
            )
        os.environ["JIHENG_INBOX"] = inbox if is_url else str(Path(inbox).resolve())
    if registers is not None:
        os.environ["JIHENG_REGISTERS"] = str(registers.resolve())
    settings = Settings.from_environment()
    # The reader's processes know the home by the environment.
    os.environ["JIHENG_HOME"] = str(settings.home)
    return settings


@app.command()
def nightly(inbox: Inbox = None, registers: Registers = None, as_json: AsJson = False) -> None:
    """运行一夜：收件到发布 · run a night through Airflow, from the inbox to a published edition."""
    from jiheng.nightly import run_night
    from jiheng.summary import summary_lines

    settings = _settings(inbox, registers)
    result = run_night(settings, (lambda line: typer.echo(line, err=True)) if as_json else _say)
    if as_json:
        _say(json.dumps({"outcome": result.outcome, **result.facts}, ensure_ascii=False))
    else:
        for line in summary_lines(result):
            _say(line)
    sys.exit(result.exit_code)


@app.command(name="airflow")
def start_airflow(inbox: Inbox = None, registers: Registers = None) -> None:
    """启动 Airflow（网页和调度） · start Airflow with its pages and scheduler; Ctrl-C ends it."""
    from jiheng.airflow.installation import standalone

    sys.exit(standalone(_settings(inbox, registers), _say))


@app.command()
def intake(inbox: Inbox = None, registers: Registers = None) -> None:
    """只收件：归档、阅读、检查、入湖 · only take in, read, check and land."""
    from jiheng import night

    settings = _settings(inbox, registers)
    tonight = night.Night.from_json(night.take_in(settings, _run_id("intake")))
    night.read_and_check(settings, tonight)
    _say(json.dumps(night.land(settings, tonight), ensure_ascii=False))
    _tell(settings)


def _night(verb: str, as_of: str | None) -> Night:
    from jiheng import night

    try:
        return night.begin(_settings(), _run_id(verb), as_of)
    except night.AsOfError as error:
        fail("E2007", str(error), f"jiheng {verb} --help", 2)


@app.command()
def build(as_of: AsOf = None) -> None:
    """由数据湖建一个未发布的版本 · build a private edition from the lake."""
    from jiheng import night

    settings = _settings()
    _say(json.dumps(night.build_warehouse(settings, _night("build", as_of)), ensure_ascii=False))


@app.command()
def publish(
    as_of: AsOf = None,
    send: Annotated[
        bool, typer.Option("--send", help="只把当前一期发送到 JIHENG_PUBLISH_TO · only send the current edition there")
    ] = False,
) -> None:
    """不收件，由数据湖建仓、过门禁、发布 · build, gate and publish from the lake, without taking anything in."""
    from jiheng import night
    from jiheng.publication import GateHeld

    if send:
        _send()
        return
    settings, tonight = _settings(), _night("publish", as_of)
    edition = night.build_warehouse(settings, tonight)
    decided = night.evaluate_gate(settings, tonight, edition)
    try:
        result = night.publish_edition(settings, tonight, edition, decided, night.NOTHING_TAKEN_IN)
    except GateHeld as held:
        _tell(settings)
        fail("E3001", f"门禁未通过，保留上一期 the gate holds: {held}", "jiheng gate explain", 3)
    else:
        _say(f"{result['edition_id']}（{result['publication']}）")
        _say_unless_none(result["sent"])
        _tell(settings)


def _send() -> None:
    from jiheng import sending

    told = sending.send(_settings(), look_at_all=True)
    if told is None:
        fail("E2009", "没有设置 JIHENG_PUBLISH_TO · it names no place", "docs/operator/verification.md", 2)
    _say(told)
    sys.exit(1 if told.startswith("✗") else 0)


def _tell(settings: Settings) -> None:
    """Send notices; what comes of them is no part of a command's own answer."""
    from jiheng.notifying import notify_quietly

    for line in notify_quietly(settings, datetime.now(UTC)):
        typer.echo(f"通知 notice {line}", err=True)


def _say_unless_none(line: str | None) -> None:
    if line is not None:
        _say(line)


@app.command()
def trace(claim_id: Annotated[str, typer.Argument(help="陈述编号 · a claim's id")]) -> None:
    """一个数从哪里来 · where a figure comes from: the sentence, its span, the archived file."""
    from jiheng.summary import trace_lines

    for line in trace_lines(_settings(), claim_id):
        _say(line)


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
        queue = queue_of.open_queue(_settings())
    except NothingBuiltError as error:
        fail("E4002", str(error), "jiheng build", 4)
        return
    if as_json:
        _say(json.dumps(queue_of.as_rows(queue, limit), ensure_ascii=False, default=str))
    elif queue.items:
        from rich.console import Console

        Console().print(queue_of.table_of(queue, limit))
    else:
        _say("没有待答的问题 · no open questions")


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

    said = {"indicator": as_indicator, "new_indicator": new, "role": role}
    given: dict[str, str | None] = {kind: value for kind, value in said.items() if value}
    given |= {kind: None for kind, told in (("no_indicator", no_indicator), ("reopened", reopen)) if told}
    if len(given) != 1:
        fail(
            "E2003",
            "--as、--new、--none、--role、--reopen 用且只用一个 · give exactly one of them",
            "jiheng review answer --help",
            2,
        )
    settings = _settings()
    try:
        question = queue_of.find_item(settings, item)
        [(kind, value)] = given.items()
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
            _say(json.dumps(facts, ensure_ascii=False, default=str))
            return
        for line in queue_of.answer_lines(question, recorded):
            _say(line)


@app.command()
def generate(
    target: Annotated[Path, typer.Argument(help="写到哪里 · where to write")],
    divisions: int = 12,
    departments: int = 4,
    years: int = 2,
    errors: str = "0.34",
    seed: int = 7,
) -> None:
    """造一个样例省 · write a made-up province with known truth."""
    from decimal import Decimal

    from samples.generator import generate as write

    write(target, divisions, departments, years, Decimal(errors), seed)
    _say(f"已写到 written to {target}")


@app.command()
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

    lake = Lake(_settings().lake)
    tables: list[Any] = [lake.read(name) for name in ("submission_version", "claim", "finding", "arrival")]
    scores = score(truth, *tables)
    if as_json:
        _say(json.dumps({name: [one.found, one.expected] for name, one in scores.items()}))
        return
    for name, one in scores.items():
        _say(f"{name:>14}  {one.found} / {one.expected}")
        for miss in one.misses[:misses]:
            _say(f"{'':>16}{miss}")


def _evaluate_texts(path: Path | None, misses: int, baseline: Path | None, accept: bool, as_json: bool) -> None:
    from corpus import evaluate as corpus
    from corpus.score import score_texts

    score = score_texts(corpus.labelled_texts(path or corpus.TEXTS), _settings().reference)
    if accept:
        corpus.BASELINE.write_text(json.dumps(corpus.as_json(score), indent=1) + "\n", encoding="utf-8")
    if as_json:
        _say(json.dumps(corpus.as_json(score), ensure_ascii=False))
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
    _say(f"未归类数字 unclaimed digits: {unclaimed}")
    for miss in misses:
        _say(miss)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查这台机器缺什么 · tell what is missing on this machine and how to mend it."""
    from jiheng.doctor import examine

    findings = examine(_settings())
    if as_json:
        _say(json.dumps([vars(finding) for finding in findings], ensure_ascii=False))
    for finding in () if as_json else findings:
        _say(f"{'✓' if finding.good else '✗' if finding.needed else '–'} {finding.what}: {finding.found}")
        if not finding.good:
            _say(f"    {finding.remedy}")
    sys.exit(4 if any(finding.needed and not finding.good for finding in findings) else 0)


def _run_id(verb: str) -> str:
    return f"{verb}__{datetime.now(UTC).isoformat()}"


if __name__ == "__main__":
    main()
