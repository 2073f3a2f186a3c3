"""Acts of publication on small editions: final years, retention, release of a held edition, the morning's look."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.officers import NotAuthorisedError, authorised
from ingest.tables import TableError
from jiheng import publication
from jiheng.files import write_json, write_text
from jiheng.housekeeping import keep_house, retention_policy
from jiheng.identity import code_version
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.watchdog import alarms, watch
from publish import acts, editions, finals, records, retention
from tests.component import edition_fixture as made

YEAR = 2024
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ACT = {"who": "值班负责人", "why": "年度定稿会议通过"}
OFFICERS = """name,account,acts,valid_from,valid_to
值班负责人,duty,override;freeze,2020-01-01,
前任负责人,former,override,2020-01-01,2021-12-31
登记员,clerk,waive,2020-01-01,
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two private editions that differ in one score of the year."""
    same = made.make_edition(tmp_path_factory.mktemp("same"))
    other = made.make_edition(tmp_path_factory.mktemp("other"), score_of_c3="61")
    return {"same": same, "other": other}


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    write_text(tmp_path / "registers" / "officers.csv", OFFICERS)
    return Settings(tmp_path)


def private(home: Settings, source: Path, edition_id: str, **facts: Any) -> Path:
    target = home.home / "private" / edition_id
    shutil.copytree(source, target)
    (target / "manifest.json").unlink()
    editions.complete(target, made.facts(edition_id) | facts)
    return target


def publish(home: Settings, source: Path, edition_id: str, at: str | None = None) -> dict[str, Any]:
    """Publish a copy as the night does: what it is of a final year is worked out and goes into its manifest."""
    said = finals.finals_of(home.editions, source, editions.current(home.editions))
    numbers = {year: one["revision"] for year, one in said.items()}
    event = {"finals": numbers} | ({"at": at} if at else {})
    assert acts.publish(private(home, source, edition_id, finals=said), home.editions, event) == "published"
    return said


# Final years


def test_a_final_year_is_never_overwritten_but_revised(home: Settings, sources: dict[str, Path]) -> None:
    assert publish(home, sources["same"], "e1") == {}
    finals.freeze(home.editions, YEAR, ACT)
    assert publish(home, sources["same"], "e2")[str(YEAR)]["revision"] == 0
    revised = publish(home, sources["other"], "e3")[str(YEAR)]
    assert (revised["edition_id"], revised["revision"], revised["who"]) == ("e1", 1, ACT["who"])
    assert publish(home, sources["other"], "e4")[str(YEAR)]["revision"] == 1
    assert publish(home, sources["same"], "e5")[str(YEAR)]["revision"] == 0
    assert publish(home, sources["other"], "e6")[str(YEAR)]["revision"] == 2
    assert editions.verify(home.editions / "e1") == []


def test_a_revision_may_become_the_final_one(home: Settings, sources: dict[str, Path]) -> None:
    publish(home, sources["same"], "e1")
    finals.freeze(home.editions, YEAR, ACT)
    publish(home, sources["other"], "e2")
    assert finals.freeze(home.editions, YEAR, ACT)["revision"] == 1
    said = publish(home, sources["other"], "e3")[str(YEAR)]
    assert (said["edition_id"], said["revision"]) == ("e2", 1)
    assert publish(home, sources["same"], "e4")[str(YEAR)]["revision"] == 2
    assert finals.frozen_ids(home.editions) == {"e1", "e2"}


@pytest.mark.parametrize(
    ("year", "edition_id", "words"),
    [(1999, None, "没有 1999 年度的排名"), (YEAR, "e9", "no published edition e9"), (YEAR, "e1", "已是 2024 年度定稿")],
)
def test_what_cannot_be_final_is_refused(
    home: Settings, sources: dict[str, Path], year: int, edition_id: str | None, words: str
) -> None:
    publish(home, sources["same"], "e1")
    finals.freeze(home.editions, YEAR, ACT)
    with pytest.raises(editions.PublicationError, match=words):
        finals.freeze(home.editions, year, ACT, edition_id)


# Retention


@pytest.fixture
def year_of_nights(home: Settings) -> Settings:
    """An edition every twentieth day of fourteen months; retention looks at names, days and the log only."""
    for number in range(21):
        moment = datetime(2025, 1, 5, 3, tzinfo=LOCAL_TIME) + timedelta(days=20 * number)
        edition = home.editions / f"{moment:%Y-%m-%d}"
        write_json(edition / "manifest.json", {"edition_id": edition.name})
        write_json(edition / "gate.json", {"decision": "pass"})
        (edition / "warehouse.duckdb").write_bytes(edition.name.encode() * 1000)
        acts.point_to(home.editions, edition.name)
        event = {"event": "publish", "edition_id": edition.name, "at": moment.isoformat()}
        records.record(home.editions, event)
    return home


def test_the_rules_keep_month_ends_and_year_ends(year_of_nights: Settings) -> None:
    home, policy = year_of_nights, {"night": 30, "month_end": 300, "year_end": None, "held": 30}
    freeze = {"event": "freeze", "fiscal_year": YEAR, "edition_id": "2025-01-25", "revision": 0}
    records.record(home.editions, freeze)
    gone = retention.retire(home.editions, date(2026, 2, 20), policy)
    kept = sorted(path.name for path in home.editions.glob("20*"))
    assert sorted(gone + kept) == [f"{date(2025, 1, 5) + timedelta(20 * n):%Y-%m-%d}" for n in range(21)]
    assert "2025-01-25" in kept, "it is final"
    assert "2025-12-31" in kept, "the last one of its year"
    assert kept[-2:] == ["2026-01-20", "2026-02-09"], "the current one and the one to undo to"
    assert "2025-02-14" in gone and "2025-03-26" in gone, "month ends, older than their rule"
    assert "2025-07-24" in kept and "2025-07-04" in gone, "the month's last one and another night of it"
    for name in gone:
        left = home.editions / "retired" / name
        assert json.loads((left / "manifest.json").read_text())["edition_id"] == name
        assert (left / "gate.json").exists() and not (left / "warehouse.duckdb").exists()
    told = [line["edition_id"] for line in records.history(home.editions) if line["event"] == "retire"]
    assert told == gone and records.broken(home.editions) == []
    assert retention.retire(home.editions, date(2026, 2, 20), policy) == []


def test_a_killed_retirement_goes_on(year_of_nights: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    home, policy = year_of_nights, {"night": 30, "month_end": 30, "year_end": 30, "held": 30}

    def kill(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(retention, "_remove", kill)
    with pytest.raises(KeyboardInterrupt):
        retention.retire(home.editions, date(2026, 2, 20), policy)
    monkeypatch.undo()
    retention.retire(home.editions, date(2026, 2, 20), policy)
    assert not list(home.editions.glob(".retiring.*"))
    told = [line["edition_id"] for line in records.history(home.editions) if line["event"] == "retire"]
    assert len(told) == len(set(told)) == 19


def test_a_reader_in_the_middle_of_a_file_reads_it_to_its_end(year_of_nights: Settings) -> None:
    editions_ = year_of_nights.editions
    whole = (editions_ / "2025-02-14" / "warehouse.duckdb").read_bytes()
    with (editions_ / "2025-02-14" / "warehouse.duckdb").open("rb") as reading:
        start = reading.read(1000)
        retention.retire(editions_, date(2026, 2, 20), {"night": 30, "month_end": 30, "year_end": None})
        assert not (editions_ / "2025-02-14").exists()
        assert start + reading.read() == whole


def test_the_project_has_rules_and_an_installation_its_own(home: Settings) -> None:
    assert set(retention_policy(home)) == {"night", "month_end", "year_end", "held", "backup", "backup_month_end"}
    write_text(home.home / "registers" / "retention.csv", "kind,keep_days\nnight,7\n")
    assert retention_policy(home)["night"] == 7
    write_text(home.home / "registers" / "retention.csv", "kind,keep_days\nnight,一周\n")
    with pytest.raises(TableError, match=r"retention.csv 第2行“keep_days”列：应为天数"):
        keep_house(home, date(2026, 2, 20))


# Officers


@pytest.mark.parametrize("who", ["值班负责人", "duty"])
def test_an_officer_is_known_by_name_or_account(home: Settings, who: str) -> None:
    assert authorised(home.registers, who, "override", date(2026, 1, 1)).name == "值班负责人"


@pytest.mark.parametrize(
    ("who", "words"),
    [("路人", "没有“路人”"), ("", "没有“”"), ("前任负责人", "有效期"), ("登记员", "不含 override")],
)
def test_nobody_else_may(home: Settings, who: str, words: str) -> None:
    with pytest.raises(NotAuthorisedError, match=words):
        authorised(home.registers, who, "override", date(2026, 1, 1))


def test_an_unknown_act_in_the_register_is_told_with_its_place(home: Settings) -> None:
    write_text(home.home / "registers" / "officers.csv", OFFICERS.replace("override;freeze", "everything"))
    with pytest.raises(TableError, match=r"officers.csv 第2行“acts”列"):
        authorised(home.registers, "duty", "override", date(2026, 1, 1))


# A held edition


def result(expectation_id: str, decision: str, **more: Any) -> dict[str, Any]:
    row = {"expectation_id": expectation_id, "suite": "s", "severity": "critical", "checked": 1, "failed": 1}
    words = {"message_zh": "有问题", "message_en": "wrong", "waiver_id": None, "sample_keys": []}
    return row | words | {"decision": decision} | more


@pytest.fixture
def held(home: Settings, sources: dict[str, Path]) -> Settings:
    """An edition is published; the next one is held."""
    publish(home, sources["same"], "e1")
    candidate = private(home, sources["other"], "e2")
    for name in ("manifest.json", "about.json", "rankings.xlsx", "bulletin.pdf", "bulletin.docx", "diff.json"):
        (candidate / name).unlink()
    shutil.rmtree(candidate / "site")
    write_json(candidate / "gate.json", {"edition_id": "e2", "decision": "hold", "results": [result("K02", "hold")]})
    edition = {"edition_id": "e2", "data_time": made.AS_OF, "lake_digest": "0" * 64}
    made_of = publication.Candidate(candidate, edition, home.editions / "e1", NOW)
    told = publication.hold(home, made_of, ["K02 有问题"], {"run_id": "r", "as_of": NOW.isoformat()})
    assert told["standing"] == "e1" and editions.current(home.editions) == home.editions / "e1"
    return home


def test_an_officer_releases_a_held_edition_with_name_and_reason(held: Settings) -> None:
    assert "K02" in publication.question(held, "e2")["body"]
    publication.release(held, "e2", "duty", "已与该县核实", NOW)
    standing = held.editions / "e2"
    assert editions.current(held.editions) == standing and editions.verify(standing) == []
    about = json.loads((standing / "about.json").read_text(encoding="utf-8"))
    said = {"who": "值班负责人", "why": "已与该县核实", "at": NOW.isoformat(), "expectations": ["K02"]}
    assert (about["gate_decision"], about["override"]) == ("override", said)
    gate = json.loads((standing / "gate.json").read_text(encoding="utf-8"))
    assert (gate["decision"], gate["override"]) == ("override", said)
    told = records.history(held.editions)
    assert [line["event"] for line in told] == ["publish", "hold", "publish", "override"]
    assert told[2]["override"]["who"] == told[3]["who"] == "值班负责人"
    assert not (held.home / "held" / "e2").exists()
    done = publication.released(held, "e2")
    assert done and done["override"] == said and records.history(held.editions) == told, "a step that is run again"
    with pytest.raises(publication.OverrideError, match="没有被拦截的 e2"):
        publication.release(held, "e2", "duty", "已与该县核实", NOW)


def refused(home: Settings, error: type[Exception], words: str, who: str = "duty", why: str = "已与该县核实") -> None:
    before = records.history(home.editions)
    with pytest.raises(error, match=words):
        publication.release(home, "e2", who, why, NOW)
    assert editions.current(home.editions) == home.editions / "e1" and records.history(home.editions) == before


def test_without_reason_or_right_nothing_is_released(held: Settings) -> None:
    refused(held, NotAuthorisedError, "没有“路人”", who="路人")
    refused(held, publication.OverrideError, "理由", why=" 好 ")


def test_what_must_be_mended_is_not_released(held: Settings) -> None:
    results = [result("P01", "hold", overridable=False), result("K02", "hold")]
    write_json(held.home / "held" / "e2" / "gate.json", {"decision": "hold", "results": results})
    refused(held, publication.OverrideError, "P01 不能放行")


def test_a_held_edition_that_was_overtaken_is_not_released(held: Settings, sources: dict[str, Path]) -> None:
    publish(held, sources["same"], "e3")
    with pytest.raises(publication.OverrideError, match="现行期已变为 e3"):
        publication.release(held, "e2", "duty", "已与该县核实", NOW)


def test_a_release_that_is_overtaken_while_it_is_written_does_not_publish(
    held: Settings, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = publication._write_edition

    def overtaken(*arguments: Any) -> None:
        write(*arguments)
        publish(held, sources["same"], "e3")

    monkeypatch.setattr(publication, "_write_edition", overtaken)
    with pytest.raises(publication.OverrideError, match="其间另有一期发布"):
        publication.release(held, "e2", "duty", "已与该县核实", NOW)
    assert editions.current(held.editions) == held.editions / "e3" and not (held.editions / "e2").exists()
    assert "override" not in {line["event"] for line in records.history(held.editions)}


def test_a_held_edition_of_another_program_is_not_released(held: Settings) -> None:
    path = held.home / "held" / "e2" / "held.json"
    write_json(path, json.loads(path.read_text()) | {"code_version": "0.0.1+other"})
    refused(held, publication.OverrideError, code_version().replace("+", r"\+"))


# The finished files


def unfinished(home: Settings, source: Path, edition_id: str) -> publication.Candidate:
    """A private edition that the gate has passed and whose files are still to be made."""
    folder = private(home, source, edition_id)
    (folder / "manifest.json").unlink()
    write_json(folder / "gate.json", {"edition_id": edition_id, "decision": "pass", "results": []})
    edition = {"edition_id": edition_id, "data_time": made.AS_OF, "lake_digest": "0" * 64}
    return publication.Candidate(folder, edition, editions.current(home.editions), NOW)


def test_the_finished_files_are_scanned_before_they_are_published(
    home: Settings, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = unfinished(home, sources["same"], "e1")

    def careless(private: Path, previous: Path | None) -> int:
        (private / "site").mkdir()
        return (private / "site" / "extra.html").write_text("<p>联系电话：13912345678</p>", encoding="utf-8")

    monkeypatch.setattr("publish.site.render", careless)
    with pytest.raises(publication.GateHeld, match="P11"):
        publication.publish(home, candidate, {"run_id": "r"})
    assert editions.current(home.editions) is None
    gate = candidate.gate
    [row] = [one for one in gate["results"] if one["expectation_id"] == "P11"]
    assert gate["decision"] == "hold" and "site/extra.html" in row["sample_keys"][0]
    assert "13912345678" not in json.dumps(gate), "what is found is told masked"
    publication.hold(home, candidate, ["P11"], {"run_id": "r", "as_of": NOW.isoformat()})
    with pytest.raises(publication.OverrideError, match="P11 不能放行"):
        publication.release(home, "e1", "duty", "已与该县核实", NOW)


# The morning's look


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=LOCAL_TIME)


def test_the_morning_after_a_publication_is_quiet(home: Settings, sources: dict[str, Path]) -> None:
    publish(home, sources["same"], "e1", at(2, 2).isoformat())
    assert alarms(home, at(2)) == []


def test_an_alarm_for_a_night_that_was_held_or_did_not_end(home: Settings, sources: dict[str, Path]) -> None:
    publish(home, sources["same"], "e1", at(2, 2).isoformat())
    [missing] = alarms(home, at(3))
    assert "2026-03-03 没有发布" in missing and "e1" in missing
    records.record(
        home.editions, {"event": "hold", "edition_id": "e2", "why": ["K02 有区划不见了"], "at": at(3, 2).isoformat()}
    )
    [held_back] = watch(home, at(3))
    assert "被门禁拦截" in held_back and "K02 有区划不见了" in held_back
    assert records.history(home.editions)[-1]["event"] == "alarm"


def test_an_alarm_for_a_file_that_changed(home: Settings, sources: dict[str, Path]) -> None:
    publish(home, sources["same"], "e1", at(2, 2).isoformat())
    bulletin = home.editions / "e1" / "bulletin.pdf"
    bulletin.chmod(0o644)
    bulletin.write_bytes(bulletin.read_bytes() + b" ")
    assert ["bulletin.pdf 有改动 has changed" in one for one in alarms(home, at(2))] == [True]


# The log


def test_a_line_that_is_changed_or_left_out_is_noticed(tmp_path: Path) -> None:
    for number in range(4):
        records.record(tmp_path, {"event": "publish", "edition_id": f"e{number}"})
    assert records.broken(tmp_path) == []
    log = tmp_path / records.RECORD_NAME
    lines = log.read_text().splitlines(keepends=True)
    edited = [lines[0], lines[1].replace('"e1"', '"e7"'), *lines[2:]]
    last = [*lines[:3], lines[3].replace('"e3"', '"e7"')]
    for changed in (lines[:1] + lines[2:], edited, last, lines[1:]):
        log.write_text("".join(changed))
        assert records.broken(tmp_path)


def test_many_who_write_at_once_keep_the_log_whole(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for number in range(10):
            acts.note(tmp_path, {"event": "alarm", "why": [f"{name}{number}"]})

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(records.history(tmp_path)) == 40 and records.broken(tmp_path) == []
