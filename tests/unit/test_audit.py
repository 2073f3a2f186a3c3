"""The record of acts: each act of each place once, with who, why and from where."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.acts import Act, ActError
from ingest.acts import record as record_act
from ingest.lake import Lake
from ingest.officers import NotAuthorisedError
from ingest.upload.tokens import TokenBook
from jiheng import audit, journal
from jiheng.cli import app
from jiheng.exceptions import approve
from jiheng.settings import Settings
from publish.records import record

NOW = datetime(2026, 3, 31, 4, tzinfo=UTC)
UNTIL = date(2026, 4, 30)
OFFICERS = "name,account,acts,valid_from,valid_to\n处长甲,jia,waive,2020-01-01,\n处长乙,yi,override,2020-01-01,\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "officers.csv").write_text(OFFICERS, encoding="utf-8")
    return Settings(tmp_path)


def test_acts_of_every_place_are_told_newest_first(home: Settings) -> None:
    record(home.editions, {"event": "publish", "edition_id": "e1", "at": NOW.isoformat()})
    record(home.editions, {"event": "rollback", "edition_id": "e1", "who": "值班员", "why": "撤回", "via": "desk"})
    row = approve(home, "K10", "经办人", "jia", "程序更新已核对", UNTIL, {"b", "a"}, NOW)
    journal.note(home, journal.APPROVED, "jia", "程序更新已核对", act_id=row["act_id"], request_id="r")
    ended = Act("waiver_ended", "不再需要了", "经办人", refers_to=row["act_id"])
    record_act(Lake(home.lake), ended, NOW + timedelta(hours=1))
    journal.ask(home, "经办人", "再等一等吧", "K10", UNTIL, (), NOW)
    _, token = TokenBook(home.upload_tokens).issue("d1", "运维员", date(2999, 1, 1), NOW)
    TokenBook(home.upload_tokens).revoke(token.token_id, "运维员", "人员调离", NOW + timedelta(days=1))

    found = audit.entries(home)
    assert sorted((one.what, one.via) for one in found) == [
        ("gate_waiver", "desk"),
        ("rollback", "desk"),
        ("token_issued", "cli"),
        ("token_revoked", "cli"),
        ("waiver_asked", "desk"),
        ("waiver_ended", "cli"),
    ]
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    [approved] = [one for one in found if one.what == "gate_waiver"]
    assert (approved.who, approved.with_whom, approved.about) == ("经办人", "处长甲", "K10")
    assert {one.what for one in audit.entries(home, by="处长甲")} == {"gate_waiver"}
    assert {one.what for one in audit.entries(home, since=NOW + timedelta(hours=2))} == {"rollback", "token_revoked"}
    told = json.loads(CliRunner().invoke(app, ["audit", "--by", "运维员", "--json"]).stdout)
    assert (told[0]["what"], told[0]["why"], told[0]["zh"]) == ("token_revoked", "人员调离", "作废令牌")
    assert token.sha256 not in json.dumps(told)
    assert "退回" in CliRunner().invoke(app, ["audit", "--since", "2026-03-31"]).stdout


def test_nobody_approves_their_own_request_under_another_name(home: Settings) -> None:
    for by in ("jia", "处长甲"):
        with pytest.raises(ActError, match="经办人和批准人"):
            approve(home, "K10", by, "jia", "程序更新已核对", UNTIL, (), NOW)
    with pytest.raises(NotAuthorisedError):
        approve(home, "K10", "经办人", "yi", "程序更新已核对", UNTIL, (), NOW)
    with pytest.raises(ActError, match="不得例外"):
        approve(home, "K01", "经办人", "jia", "程序更新已核对", UNTIL, (), NOW)
    assert audit.entries(home) == []


def test_a_request_is_open_until_it_is_decided_and_the_log_is_chained(home: Settings) -> None:
    one = journal.ask(home, "经办人", "程序更新已核对", "K10", UNTIL, ("a",), NOW)
    other = journal.ask(home, "经办人", "再等一等吧", "K10", UNTIL, (), NOW)
    assert journal.open_requests(home) == [one, other] and journal.request_of(home, one.request_id) == one
    journal.note(home, journal.REFUSED, "jia", "理由不足", request_id=one.request_id, expectation_id="K10")
    assert journal.open_requests(home) == [other]
    with pytest.raises(journal.RequestError):
        journal.request_of(home, one.request_id)
    path = home.home / "desk" / journal.NAME
    assert journal.damage(home) == []
    path.write_text(path.read_text(encoding="utf-8").replace("理由不足", "理由充分"), encoding="utf-8")
    assert journal.damage(home)
