"""Archived files read again: a further reading of the same version, and what must not become of it."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ingest.acts import Act, record
from ingest.intake import Intake
from ingest.lake import Lake
from ingest.reading.claims import READER_VERSION
from ingest.replay.runner import Replay
from ingest.replay.selection import Selection, SelectionError
from jiheng.cli import app
from jiheng.settings import Settings
from tests.older_readings import OLDER, age, change
from tests.unit.test_intake import DIVISIONS

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HEAD = "示例县{name}部门整体支出绩效自评报告\n（2024年度）\n"
GOOD = HEAD + "年初预算100万元，全年支出90万元，执行率90%。自评结果为90分，等级为优。\n"
BAD = HEAD + "目标：新开工项目80宗。完成情况：新开工项目22宗，完成率82%。\n"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a report that is accepted, one that is returned, one in two versions, and a letter that is none."""
    home = tmp_path_factory.mktemp("replay")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP"):
            patch.delenv(name, raising=False)
        patch.setenv("JIHENG_SETTLE_SECONDS", "0")
        settings = Settings(home)
        (home / "inbox").mkdir()
        (home / "registers").mkdir()
        (home / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
        texts = {
            "好.txt": GOOD.format(name="教育局"),
            "退.txt": BAD.format(name="民政局"),
            "一.txt": GOOD.format(name="水利局"),
        }
        for hours, files in enumerate((texts, {"二.txt": GOOD.format(name="水利局") + "补充说明。\n"})):
            for name, text in files.items():
                (home / "inbox" / name).write_text(text, encoding="utf-8")
            run = Intake(settings, f"night {hours}", NOON + timedelta(hours=hours))
            run.take_in()
            run.read_and_check()
            run.land()
    return home


@pytest.fixture
def home(once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as an older reader left it."""
    target = tmp_path / "home"
    shutil.copytree(once, target)
    monkeypatch.setenv("JIHENG_HOME", str(target))
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP", "JIHENG_RECEIPTS"):
        monkeypatch.delenv(name, raising=False)
    age(target / "lake")
    return target


def replay(home: Path, hours: int = 10, **selection: Any) -> dict[str, int]:
    one = Replay(Settings(home), f"replay {hours}", NOON + timedelta(hours=hours))
    [batch] = one.batches(one.choose(Selection(**selection)))
    batch.read()
    return batch.land()


def versions(home: Path, name: str = "") -> list[dict[str, Any]]:
    rows = Lake(home / "lake").read("submission_version")
    return [row for row in rows if name in row["department_name"]]


def receipts(home: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.glob("receipts/**/*.json"))]


def test_a_reading_is_added_and_the_earlier_one_stays(home: Path) -> None:
    before = versions(home)
    texts = {row["sha256"] for row in before}
    assert replay(home) == {"landed": 4}
    after = versions(home)
    assert after[:4] == before and len(after) == 8
    kept = (
        "submission_version_id",
        "submission_id",
        "version_number",
        "received_at",
        "sha256",
        "verdict",
        "arrival_id",
    )
    assert sorted([row[name] for name in kept] for row in after[4:]) == sorted(
        [row[name] for name in kept] for row in before
    )
    assert {row["reader_version"] for row in after[4:]} == {READER_VERSION}
    lake = Lake(home / "lake")
    assert len(lake.read("arrival")) == 4, "nobody handed anything in"
    assert len(lake.read("submission_version", as_of=NOON + timedelta(hours=9))) == 4
    assert all((home / "archive" / one[:2] / one / f"text-{READER_VERSION}.txt").exists() for one in texts)
    assert not lake.damage()


def test_what_is_read_again_is_not_read_a_third_time(home: Path) -> None:
    replay(home)
    assert Replay(Settings(home), "next", NOON).choose(Selection()) == []
    assert replay(home, 11, is_forced=True) == {"unchanged": 4}
    assert len(versions(home)) == 8


def test_landing_a_batch_again_lands_nothing_twice(home: Path) -> None:
    one = Replay(Settings(home), "again", NOON + timedelta(hours=10))
    [batch] = one.batches(one.choose(Selection()))
    batch.read()
    kept = home / "kept"
    shutil.copytree(batch.work, kept)
    assert batch.land() == {"landed": 4}
    shutil.copytree(kept, batch.work)
    assert batch.land() == {}
    assert len(versions(home)) == 8


def test_findings_that_say_the_same_keep_their_ids_and_no_id_means_two_things(home: Path) -> None:
    lake = Lake(home / "lake")
    # The older reader had one rule fewer, and told another one otherwise.
    dropped, *_ = [row["rule_id"] for row in lake.read("finding") if row["outcome"] == "fail"]
    change(home / "lake", "finding", lambda row: None if row["rule_id"] == dropped else row)
    other = next(row["rule_id"] for row in lake.read("finding"))
    change(home / "lake", "finding", lambda row: row | {"found": "旧"} if row["rule_id"] == other else row)
    before = {row["finding_id"]: row for row in lake.read("finding")}
    replay(home)
    after = [row for row in lake.read("finding") if row["recorded_at"] > NOON + timedelta(hours=9)]
    assert {row["rule_id"] for row in after} >= {dropped, other}
    assert len({row["finding_id"] for row in after}) == len(after)
    for row in after:
        if earlier := before.get(row["finding_id"]):
            told = ("rule_id", "outcome", "message_zh", "expected", "found")
            assert [row[name] for name in told] == [earlier[name] for name in told]
    assert not {row["finding_id"] for row in after if row["rule_id"] in (dropped, other)} & set(before)
    assert sum(row["finding_id"] in before for row in after) > len(after) // 2


def as_verdict(home: Path, name: str, verdict: str) -> None:
    change(
        home / "lake",
        "submission_version",
        lambda row: row | {"verdict": verdict} if name in row["department_name"] else row,
    )


def test_an_accepted_report_is_not_returned_without_a_persons_word(home: Path) -> None:
    as_verdict(home, "民政局", "accepted")
    assert replay(home) == {"landed": 3, "withheld": 1}
    [row] = versions(home, "民政局")
    assert row["reader_version"] == OLDER and row["verdict"] == "accepted"
    assert replay(home, 11) == {"withheld": 1}, "asked for again each time"
    act = Act("return", "数据确有错误，经核实", "甲", submission_version_id=row["submission_version_id"])
    record(Lake(home / "lake"), act, NOON + timedelta(hours=12))
    assert replay(home, 13) == {"landed": 1}
    assert [one["verdict"] for one in versions(home, "民政局")] == ["accepted", "returned"]
    told = [one for one in receipts(home) if one["read_again"]]
    assert [(one["verdict"], one["read_again"]["before"]) for one in told] == [("returned", "accepted")]
    assert told[0]["mend_by"] > "2026-01-02", "the days count from the day on which it was read again"


def test_the_word_for_one_reading_is_not_a_word_for_the_next(home: Path) -> None:
    as_verdict(home, "民政局", "accepted")
    [row] = versions(home, "民政局")
    act = Act("return", "旧的同意，经核实", "甲", submission_version_id=row["submission_version_id"])
    lake = Lake(home / "lake")
    record(lake, act, NOON + timedelta(hours=2))
    later = row | {"reader_version": "2025.2"}
    lake.land({"submission_version": [later]}, NOON + timedelta(hours=3))
    assert replay(home)["withheld"] == 1


def test_a_returned_report_that_is_right_is_accepted_and_its_sender_is_told(home: Path) -> None:
    as_verdict(home, "教育局", "returned")
    earlier = {path: path.read_bytes() for path in home.glob("receipts/**/*.html")}
    assert replay(home) == {"landed": 4}
    [told] = [one for one in receipts(home) if one["read_again"]]
    assert told["verdict"].startswith("accepted") and told["read_again"]["before_zh"] == "退回修改"
    [page] = [path for path in home.glob("receipts/**/*.html") if path not in earlier]
    assert "为什么又收到一份回执" in page.read_text(encoding="utf-8")
    assert all(path.read_bytes() == content for path, content in earlier.items()), "earlier receipts stay as they were"


def test_the_earlier_version_read_again_does_not_become_the_current_one(home: Path) -> None:
    first, second = versions(home, "水利局")
    replay(home, versions=(first["submission_version_id"],))
    last = versions(home, "水利局")[-1]
    assert (last["submission_version_id"], last["version_number"]) == (first["submission_version_id"], 1)
    settings = Settings(home)
    (home / "inbox" / "三.txt").write_text(GOOD.format(name="水利局") + "第三次。\n", encoding="utf-8")
    run = Intake(settings, "later", NOON + timedelta(hours=20))
    run.take_in()
    run.read_and_check()
    history = run._filings(run._arrivals()).history
    assert history.current[second["submission_id"]].submission_version_id == second["submission_version_id"]
    run.land()
    assert versions(home, "水利局")[-1]["version_number"] == 3


def refuse(home: Path, name: str, code: str) -> None:
    """Make of a version what an older reader that did not know its format left."""
    lake = home / "lake"
    [row] = versions(home, name)
    for table in ("submission_version", "claim", "finding", "statement", "coverage", "profile", "observation"):
        change(lake, table, lambda one: None if one["submission_version_id"] == row["submission_version_id"] else one)
    said = {"outcome": "quarantined", "reason_code": code}
    change(lake, "arrival", lambda one: one | said if one["arrival_id"] == row["arrival_id"] else one)


def test_a_file_that_was_refused_is_read_when_its_format_is_known(home: Path) -> None:
    refuse(home, "教育局", "UNKNOWN_FORMAT")
    assert replay(home, reasons=("UNKNOWN_FORMAT",)) == {"landed": 1}
    [row] = versions(home, "教育局")
    assert row["version_number"] == 1 and row["received_at"] == NOON
    arrivals = Lake(home / "lake").read("arrival", among=("arrival_id", [row["arrival_id"]]))
    assert [one["outcome"] for one in arrivals] == ["quarantined", "identified"]
    [told] = [one for one in receipts(home) if one["read_again"]]
    assert told["read_again"]["before_zh"] == "未受理"
    assert Replay(Settings(home), "next", NOON).choose(Selection(reasons=("UNKNOWN_FORMAT",))) == []


def test_a_refused_file_does_not_overtake_the_one_that_came_after_it(home: Path) -> None:
    first, second = versions(home, "水利局")
    said = {"outcome": "quarantined", "reason_code": "CONVERTER_MISSING"}
    change(home / "lake", "arrival", lambda one: one | said if one["arrival_id"] == first["arrival_id"] else one)
    gone = first["submission_version_id"]
    for table in ("submission_version", "profile", "finding", "claim"):
        change(home / "lake", table, lambda one: None if one["submission_version_id"] == gone else one)
    assert replay(home, reasons=("CONVERTER_MISSING",)) == {"landed": 1}
    found = versions(home, "水利局")
    newest = max(found, key=lambda row: (row["version_number"], row["received_at"]))
    assert newest["submission_version_id"] == second["submission_version_id"]


@pytest.mark.parametrize(("harm", "code"), [("gone", "ARCHIVE_MISSING"), ("changed", "ARCHIVE_CHANGED")])
def test_a_file_that_the_archive_lost_keeps_its_reading(home: Path, harm: str, code: str) -> None:
    [row] = versions(home, "教育局")
    path = home / "archive" / row["sha256"][:2] / row["sha256"] / "original"
    path.unlink() if harm == "gone" else (path.chmod(0o644), path.write_text("x"))
    assert replay(home, departments=(row["department_key"],)) == {"failed": 1}
    assert versions(home, "教育局") == [row]
    [stage] = [one for one in Lake(home / "lake").read("stage_outcome") if one["stage"] == "reread"]
    assert (stage["outcome"], stage["reason_code"]) == ("failed", code)


def test_comparing_tells_what_differs_and_lands_nothing(home: Path) -> None:
    change(home / "lake", "claim", lambda row: None if row["kind"] == "expenditure" else row)
    change(home / "lake", "claim", lambda row: row | {"value_base": Decimal(7)} if row["kind"] == "budget" else row)
    as_verdict(home, "教育局", "returned")
    batches = sorted(path.name for path in (home / "lake" / "batches").iterdir())
    ran = CliRunner().invoke(app, ["replay", "--compare", "--json"])
    assert ran.exit_code == 0, ran.output
    told = {one["version"]: one for one in json.loads(ran.stdout)}
    [row] = versions(home, "教育局")
    one = told[row["submission_version_id"]]
    assert one["gained"] >= 1 and one["changed"] >= 1 and one["lost"] == 0
    assert (one["verdict_before"], one["verdict"].partition("_")[0]) == ("returned", "accepted")
    assert sorted(path.name for path in (home / "lake" / "batches").iterdir()) == batches
    assert not any(path.name.startswith("replay-") for path in (home / "work").iterdir())


def test_selections(home: Path) -> None:
    def chosen(**selection: Any) -> int:
        return len(Replay(Settings(home), "x", NOON).choose(Selection(**selection)))

    assert (chosen(), chosen(fiscal_years=(2024,)), chosen(fiscal_years=(2023,))) == (4, 4, 0)
    form = {"fiscal_years": ["2024"], "divisions": [" d1 "], "departments": None, "what": "compare"}
    assert Selection.from_json(form) == Selection(fiscal_years=(2024,), divisions=("d1",))
    assert (chosen(divisions=("d1",)), chosen(divisions=("d2",))) == (4, 0)
    for wrong in ({"versions": ("none",)}, {"reasons": ("NONE",)}, {"reasons": ("DUPLICATE",)}):
        with pytest.raises(SelectionError):
            chosen(**wrong)
    with pytest.raises(SelectionError, match="年度"):
        chosen(reasons=("UNKNOWN_FORMAT",), fiscal_years=(2024,))


def test_the_command_lists_before_it_reads(home: Path) -> None:
    listed = CliRunner().invoke(app, ["replay", "--dry-run"])
    assert listed.exit_code == 0 and "会重读 would be read again: 4" in listed.output and OLDER in listed.output
    assert not any(path.name.startswith("replay-") for path in (home / "work").glob("*"))
    wrong = CliRunner().invoke(app, ["replay", "--reason", "NONE"])
    assert wrong.exit_code == 2 and "error[E2041]" in wrong.output
