"""A person's data are found wherever they stand and erased on request, and every hash still fits."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.archive import Archive, Visit
from ingest.intake import Intake
from ingest.lake import Lake
from ingest.reading.claims import READER_VERSION
from ingest.redaction import Words
from ingest.replay.runner import Replay
from ingest.replay.selection import Selection
from jiheng import audit, privacy
from jiheng.cli import app
from jiheng.files import sha256_of_file
from jiheng.settings import Settings
from publish import editions
from publish.acts import publish
from publish.records import broken, history
from publish.retention import retire
from tests.component import edition_fixture as made
from tests.older_readings import age
from tests.unit.test_intake import DIVISIONS

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PERSON = "欧阳试名"
REPORT = (
    "示例县{name}部门整体支出绩效自评报告\n（2024年度）\n年初预算100万元，全年支出90万元，执行率90%。"
    "{more}自评结果为90分，等级为优。\n"
)
# A name that no pattern knows: it stands in the sentence of a figure.
NAMED = f"由{PERSON}同志负责的培训完成12期。"
WORDS = Words((PERSON,))
CLERK = Visit("王科员", "cli", "来函申请")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a report that names a person, one in a package that does, and one that does not."""
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP", "JIHENG_RECEIPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "0")
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    one = Settings(tmp_path)
    one.inbox.mkdir()
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    (one.inbox / "教育局.txt").write_text(REPORT.format(name="教育局", more=NAMED), encoding="utf-8")
    (one.inbox / "民政局.txt").write_text(REPORT.format(name="民政局", more=""), encoding="utf-8")
    parcel = io.BytesIO()
    with zipfile.ZipFile(parcel, "w") as package:
        package.writestr("清单.csv", "文件,区划,部门,年度\n水利局.txt,示例县,水利局,2024\n")
        package.writestr("水利局.txt", REPORT.format(name="水利局", more=NAMED))
    (one.inbox / "包.zip").write_bytes(parcel.getvalue())
    night(one)
    return one


def night(settings: Settings, hours: int = 0) -> None:
    run = Intake(settings, f"night {hours}", NOON + timedelta(hours=hours))
    run.take_in()
    run.read_and_check()
    run.land()


def hold(settings: Settings, text: str) -> list[str]:
    """Every file of the home, but for the inbox, that holds a text in the open or in a column of Parquet."""
    lake = Lake(settings.lake)
    rows = {path.stem: lake.of_batch(path.parent.name, path.stem) for path in lake.batches.glob("*/*.parquet")}
    files = [path for path in settings.home.rglob("*") if path.is_file() and settings.inbox not in path.parents]
    found = [str(path.relative_to(settings.home)) for path in files if text.encode() in path.read_bytes()]
    return sorted([*found, *(name for name, table in rows.items() if text in str(table))])


def test_what_is_erased_is_gone_and_every_hash_and_span_still_fits(settings: Settings) -> None:
    lake, archive = Lake(settings.lake), Archive(settings.archive)
    before = lake.read("claim")
    assert hold(settings, PERSON), "the test is about something"
    left = privacy.erase(settings, WORDS, CLERK)
    assert [(place.kind, place.fate) for place in left] == [("inbox", "left")] * 2
    assert hold(settings, PERSON) == [] and lake.damage() == [] and archive.damage() == []
    after = lake.read("claim")
    assert [row["claim_id"] for row in after] == [row["claim_id"] for row in before]
    assert [row["value"] for row in after] == [row["value"] for row in before]
    shas = {row["submission_version_id"]: row["sha256"] for row in lake.read("submission_version")}
    for row in after:
        text = archive.text_of(shas[row["submission_version_id"]], READER_VERSION, CLERK)
        assert text[row["span_start"] : row["span_end"]] == row["quote"]
    assert any("████" in row["quote"] for row in after)


def test_the_files_that_hold_it_go_with_their_packages_and_no_others(settings: Settings) -> None:
    archive = Archive(settings.archive)
    arrivals = Lake(settings.lake).read("arrival")
    privacy.erase(settings, WORDS, CLERK)
    gone = {row["source_name"] for row in arrivals if not archive.path_of(row["sha256"]).exists()}
    assert gone == {"教育局.txt", "包.zip", "包.zip/水利局.txt"}
    assert all(archive.is_erased(row["sha256"]) == (row["source_name"] in gone) for row in arrivals)
    [about] = {archive.tombstone(row["sha256"])["why"] for row in arrivals if row["source_name"] in gone}
    assert about == CLERK.why


def test_erased_bytes_do_not_come_back(settings: Settings) -> None:
    privacy.erase(settings, WORDS, CLERK)
    (settings.inbox / "再报.txt").write_bytes((settings.inbox / "教育局.txt").read_bytes())
    night(settings, 1)
    [row] = [one for one in Lake(settings.lake).read("arrival") if one["source_name"] == "再报.txt"]
    assert row["reason_code"] == "ERASED" and "删除" in row["reason_zh"]
    assert hold(settings, PERSON) == []


def test_a_replay_leaves_the_reading_of_an_erased_file_as_it_was(settings: Settings) -> None:
    age(settings.lake)
    privacy.erase(settings, WORDS, CLERK)
    before = Lake(settings.lake).read("submission_version")
    departments = tuple(row["department_key"] for row in before)
    replay = Replay(settings, "replay", NOON + timedelta(hours=2))
    [batch] = replay.batches(replay.choose(Selection(departments=departments)))
    batch.read()
    batch.land()
    codes = [one["reason_code"] for one in Lake(settings.lake).read("stage_outcome") if one["stage"] == "reread"]
    assert codes.count("ARCHIVE_ERASED") == 2
    assert Lake(settings.lake).read("submission_version")[: len(before)] == before


@pytest.mark.parametrize("at", ["tombstone", "batch"])
def test_an_erasure_that_is_cut_off_is_told_apart_from_damage_and_ends_when_run_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    if at == "tombstone":
        monkeypatch.setattr("ingest.archive.write_text", die)
    else:
        real = Path.replace
        monkeypatch.setattr(Path, "replace", lambda one, to: die() if str(to).endswith(".parquet") else real(one, to))
    with pytest.raises(Killed):
        privacy.erase(settings, WORDS, CLERK)
    monkeypatch.undo()
    monkeypatch.setenv("JIHENG_HOME", str(settings.home))
    assert all("run it again" in one for one in Lake(settings.lake).damage())
    assert bool(Lake(settings.lake).damage()) == (at == "batch")
    privacy.erase(settings, WORDS, CLERK)
    assert hold(settings, PERSON) == [] and Lake(settings.lake).damage() == []


def test_while_a_night_reads_nothing_is_erased(settings: Settings) -> None:
    (settings.inbox / "新.txt").write_text(REPORT.format(name="林业局", more=NAMED), encoding="utf-8")
    Intake(settings, "running", NOON).take_in()
    with pytest.raises(ValueError, match=r"a night is running.* try again after \d{4}-\d\d-\d\d \d\d:\d\d$"):
        privacy.erase(settings, WORDS, CLERK)


def test_who_looks_into_the_archive_is_on_record(settings: Settings) -> None:
    archive = Archive(settings.archive)
    [reading] = archive.visits()
    assert (reading["who"], reading["via"], reading["why"], reading["files"]) == (
        *("jiheng", "night 0", "read_and_check"),
        3,
    )
    [sha] = {
        row["sha256"] for row in Lake(settings.lake).read("submission_version") if "民政" in row["department_name"]
    }
    archive.text_of(sha, READER_VERSION, Visit("李分析", "trace", "c1"))
    privacy.erase(settings, WORDS, CLERK)
    told = [(one.who, one.en) for one in audit.entries(settings)]
    assert ("李分析", "looked into the archive") in told and (CLERK.who, "erased personal data") in told
    assert not any(who == "jiheng" for who, _ in told), "what runs read is no act of anybody"
    assert PERSON not in (settings.archive / "visits.jsonl").read_text(encoding="utf-8")


def test_on_the_command_line(settings: Settings) -> None:
    asked = ["--words", "-", "--by", "王科员", "--reason", "来函申请"]
    found = CliRunner().invoke(app, ["privacy", "find", *asked, "--json"], input=f"{PERSON}\n")
    assert found.exit_code == 0, found.output
    kinds = {row["kind"] for row in json.loads(found.stdout)}
    assert {"archive", "lake", "inbox"} <= kinds
    unsure = CliRunner().invoke(app, ["privacy", "erase", *asked], input=f"{PERSON}\n")
    assert unsure.exit_code == 2 and hold(settings, PERSON)
    done = CliRunner().invoke(app, ["privacy", "erase", *asked, "--yes"], input=f"{PERSON}\n")
    assert done.exit_code == 0 and "inbox" in done.stdout and hold(settings, PERSON) == []
    short = CliRunner().invoke(app, ["privacy", "find", *asked], input="王\n")
    assert short.exit_code == 2


@pytest.mark.parametrize(
    ("word", "text", "count"),
    [
        ("欧阳试名", "欧阳 试名、欧阳试　名", 2),
        ("13912345678", "139 1234 5678；139-1234-5678；１３９１２３４５６７８", 3),
        ("13912345678", "139123456789、x013912345678", 0),
        ("Zhang San", "ZHANG SAN, zhangsan", 2),
        ("a.b@c.cn", "axb@c.cn a.b@c.cn", 1),
    ],
)
def test_words_are_found_however_they_are_written(word: str, text: str, count: int) -> None:
    words = Words((word,))
    assert words.count(text) == count
    masked = words.masked(text)
    assert len(masked) == len(text) and words.count(masked) == 0


def test_an_edition_that_holds_it_goes_once_another_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its manifest stays, so that the log of publication still fits."""
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    settings = Settings(tmp_path)
    first, second = made.make_pair(tmp_path / "made")
    [name] = {editions.manifest_of(first)["edition_id"]}
    publish(first, settings.editions)
    words = Words(tuple(some_department(settings.editions / name)))
    left = privacy.erase(settings, words, CLERK)
    assert [(place.kind, place.name) for place in left] == [("edition", name)], "the current one waits"
    publish(second, settings.editions)
    manifest = sha256_of_file(settings.editions / name / "manifest.json")
    assert retire(settings.editions, NOON.date(), dict.fromkeys(("night", "month_end", "year_end"))) == [name]
    assert not (settings.editions / name).exists()
    kept = settings.editions / "retired" / name
    assert sorted(path.name for path in kept.iterdir()) == ["manifest.json"]
    assert sha256_of_file(kept / "manifest.json") == manifest
    assert broken(settings.editions) == [] and history(settings.editions)[-1]["why"] == "erasure"


def some_department(edition: Path) -> list[str]:
    import duckdb

    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute("select name from dim_department order by 1 limit 1").fetchall()]
