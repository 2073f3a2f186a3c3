"""Runbooks can be followed: their form, every command in them, every link; and every alarm has one."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from expectations.suites import definitions
from jiheng.cli import app
from jiheng.monitoring import alarms, metrics
from jiheng.monitoring.alarms import alarm_of, alarm_of_gate
from jiheng.settings import PROJECT_ROOT
from jiheng.troubles import KINDS

FOLDER = PROJECT_ROOT / alarms.FOLDER
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEADINGS = [
    "看到什么 · What you see",
    "意味着什么 · What it means",
    "先做 · Do this first",
    "再做 · Then",
    "怎样算好了 · How you know it is over",
    "升级 · Whom to call",
]
MOST_LINES = 50
COMMAND = re.compile(r"(?:^ {4,}|`)(jiheng [a-z][^`\n]*)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@cache
def _alerts() -> list[dict[str, Any]]:
    said = yaml.safe_load((PROJECT_ROOT / "deploy/monitoring/alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in said["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_has_its_form(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    first, *_ = lines = text.splitlines()
    assert first.startswith("# ") and first.endswith(f" · {page.stem}") and len(lines) <= MOST_LINES
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == HEADINGS
    assert all(re.search(r"[\u4e00-\u9fff]", body) and re.search(r"[a-z]{2}", body) for body in parts[2::2])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_in_it_exists_with_its_options(page: Path) -> None:
    for written in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert _exists(written), f"{page.name}: {written}"


def _exists(written: str) -> bool:
    """Whether a command and its options are there; what stands for a name, a reason or an id is not looked at."""
    words = re.sub(r'"[^"]*"', "X", written).split()[1:]
    command: Any = _program()
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    if command is _program() or (hasattr(command, "commands") and words and not words[0].startswith("-")):
        return False
    known = {name for one in command.params for name in one.opts} | {"--help"}
    needed = {one.opts[0] for one in command.params if one.required and one.param_type_name == "option"}
    given = {word for word in words if word.startswith("--")}
    return given <= known and (not given or "--help" in given or needed <= given)


@cache
def _program() -> Any:
    return typer.main.get_command(app)


def test_a_wrong_command_or_option_would_be_noticed() -> None:
    assert _exists("jiheng gate waive K10 --reason x --by y --approver z --until 2027-03-31")
    assert not _exists("jiheng gate wave K10")
    assert not _exists("jiheng gate explain --loud")
    assert not _exists("jiheng clock confirm --by x")


@pytest.mark.parametrize("page", [*PAGES, FOLDER / "README.md"], ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_alarm_has_one_runbook_and_every_runbook_an_alarm() -> None:
    assert {path.stem for path in PAGES} == set(alarms.alarms())
    codes = [code for one in alarms.alarms().values() for code in one.codes]
    assert len(codes) == len(set(codes))


def test_every_trouble_and_every_expectation_of_the_gate_leads_to_one() -> None:
    assert all(alarm_of(kind.code) for kind in KINDS)
    gate = {one.id: alarm_of_gate(one.id).name for one in definitions()}
    assert (gate["L01"], gate["C01"], gate["W01"]) == ("GATE-LAKE-DAMAGED", "GATE-CLOCK", "GATE-WAREHOUSE")
    assert (gate["P01"], gate["K10"], gate["K01"]) == ("GATE-PERSONAL-DATA", "GATE-RANKS-MOVED", "GATE-HELD")


def test_alerts_are_made_of_metrics_that_there_are_and_name_their_runbook() -> None:
    for rule in _alerts():
        named = set(re.findall(r"jiheng_(\w+)", rule["expr"]))
        assert named and named <= set(metrics.metrics()), rule["alert"]
        alarm = alarm_of(rule["alert"])
        assert alarm and rule["annotations"]["runbook"] == alarm.runbook
    alerts = {rule["alert"] for rule in _alerts()}
    assert {code for one in alarms.alarms().values() for code in one.codes if code.startswith("Jiheng")} == alerts
