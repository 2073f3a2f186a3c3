"""`jiheng gate explain`: a sentence why the night was held and one what would release it, for every cause."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.gate import Decision, Expected, found
from expectations.suites import definition
from ingest.lake import Lake
from jiheng.cli import app
from jiheng.files import write_json
from jiheng.gate_words import NothingDecidedError, explain, explanation_lines
from jiheng.settings import Settings
from publish.records import record


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    return Settings(tmp_path)


def held(home: Settings, *results: Expected) -> None:
    decision = Decision("2026-03-31-abc", results, "0.1.0")
    write_json(home.home / "held" / "2026-03-31-abc" / "gate.json", decision.as_json())
    record(home.editions, {"event": "hold", "edition_id": "2026-03-31-abc", "why": ["T01 ..."]})


def test_each_cause_is_told_with_who_releases_it(home: Settings) -> None:
    held(home, Expected(definition("T01"), 60, 1, ("d1 2024: 3 / 4",)), found("P11", 9, []))
    told = explain(home)
    assert (told.decision, told.edition_id, told.standing) == ("hold", "2026-03-31-abc", None)
    [cause] = told.causes
    assert (cause.expectation_id, cause.owner, cause.owner_en) == ("T01", "数据工程", "data engineering")
    lines = "\n".join(explanation_lines(told))
    for words in (definition("T01").message_zh, definition("T01").release_zh, definition("T01").release_en, "d1 2024"):
        assert words in lines
    ran = CliRunner().invoke(app, ["gate", "explain", "--json"])
    assert json.loads(ran.stdout)["causes"][0]["release_en"] == definition("T01").release_en


def test_a_lake_that_could_not_be_read_is_explained_without_an_edition(home: Settings) -> None:
    why = ["L01 数据湖中的文件无法读取，请从备份恢复 · restore from the backup: b1/arrival.parquet"]
    record(home.editions, {"event": "hold", "edition_id": None, "why": why})
    told = explain(home)
    assert told.edition_id is None and told.causes[0].release_zh == definition("L01").release_zh
    assert told.causes[0].samples == ("b1/arrival.parquet",)
    assert "arrival.parquet" in CliRunner().invoke(app, ["gate"]).stdout


def test_a_published_edition_is_explained_as_passed(home: Settings) -> None:
    write_json(home.editions / "e1" / "gate.json", Decision("e1", (found("L01", 1, []),)).as_json())
    record(home.editions, {"event": "publish", "edition_id": "e1"})
    record(home.editions, {"event": "freeze", "fiscal_year": 2024, "edition_id": "e1", "who": "甲", "why": "定稿"})
    assert explain(home).decision == "pass" and explain(home, "e1").causes == ()
    with pytest.raises(NothingDecidedError):
        explain(home, "e2")


def test_nothing_decided_yet_is_said(home: Settings) -> None:
    assert CliRunner().invoke(app, ["gate"]).exit_code == 0
    assert CliRunner().invoke(app, ["gate", "explain"]).exit_code == 2


def test_an_exception_is_recorded_only_where_one_may_be(home: Settings) -> None:
    given = ["--reason", "程序更新的影响已经核对", "--by", "甲", "--approver", "乙", "--until"]
    until = "2026-12-31"
    refused = CliRunner().invoke(app, ["gate", "waive", "T01", *given, until])
    assert refused.exit_code == 2 and not Lake(home.lake).read("act")
    assert CliRunner().invoke(app, ["gate", "waive", "X99", *given, until]).exit_code == 2
    assert CliRunner().invoke(app, ["gate", "waive", "K10", *given, "2020-01-01"]).exit_code == 2
