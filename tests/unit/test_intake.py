"""Intake: steps that may be run again, and files that must not stop a night."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.intake import Intake
from jiheng.settings import PROJECT_ROOT, Settings

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
REPORT = "示例县教育局部门整体支出绩效自评报告\n（2024年度）\n年初预算{amount}万元。自评结果为90分，等级为优。\n"
DIVISIONS = (
    "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key,map_parent_key,"
    "province_key,valid_from,valid_to,source\n"
    "d1,,,示例县,,county,东部,county,,,p1,2018-01-01,,test\n"
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "0")
    made = Settings(tmp_path)
    made.inbox.mkdir()
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    return made


def hand_in(settings: Settings, name: str, amount: int) -> None:
    (settings.inbox / name).write_text(REPORT.format(amount=amount), encoding="utf-8")


def intake(settings: Settings, hours: int = 0) -> Intake:
    return Intake(settings, f"run {hours}", NOON + timedelta(hours=hours))


def test_a_new_file_of_a_department_is_its_next_version(settings: Settings) -> None:
    for hours, amount in enumerate((100, 200)):
        hand_in(settings, f"{amount}.txt", amount)
        run = intake(settings, hours)
        run.take_in()
        run.read_and_check()
        assert run.land().received == 1
    rows = intake(settings).lake.read("submission_version")
    assert [row["version_number"] for row in rows] == [1, 2]
    assert len({row["submission_id"] for row in rows}) == 1


def test_landing_again_lands_nothing_twice(settings: Settings) -> None:
    hand_in(settings, "a.txt", 100)
    run = intake(settings)
    run.take_in()
    run.read_and_check()
    kept = {path: path.read_bytes() for path in run.work.rglob("*") if path.is_file()}
    first = run.land()
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    second = run.land()
    assert first == second and (first.received, len(run.lake.read("arrival"))) == (1, 1)
    assert run.land() == first, "what a run has landed is counted from the lake, with nothing left in work"


def test_batches_share_the_files_out_and_read_each_once(settings: Settings) -> None:
    for amount in range(5):
        hand_in(settings, f"{amount}.txt", 100 + amount)
    run = intake(settings)
    assert run.take_in() == 5
    batches = run.batches(2)
    assert [(batch.number, batch.of, batch.first, batch.files) for batch in batches] == [
        *((1, 3, 0, 1), (2, 3, 1, 2), (3, 3, 3, 2))
    ]
    assert [run.read_and_check(batch) for batch in reversed(batches)] == [2, 2, 1]
    assert run.land().accepted == 5


def test_without_new_files_there_is_one_empty_batch(settings: Settings) -> None:
    run = intake(settings)
    assert run.take_in() == 0
    [batch] = run.batches(2)
    assert (batch.files, run.read_and_check(batch), run.land().batch_id) == (0, 0, None)


def test_a_night_that_died_before_landing_is_made_up_for_by_the_next(settings: Settings) -> None:
    hand_in(settings, "a.txt", 100)
    intake(settings, 0).take_in()
    later = intake(settings, 1)
    assert later.take_in() == 1
    later.read_and_check()
    assert later.land().accepted == 1


def test_a_register_is_landed_when_it_changes_and_only_then(settings: Settings) -> None:
    path = settings.home / "registers" / "divisions.csv"
    names = []
    for hours, name in enumerate(("示例县", "示例县", "范例县", "示例县")):
        path.write_text(DIVISIONS.replace("示例县", name), encoding="utf-8")
        intake(settings, hours).take_in()
        ours = [row["name"] for row in intake(settings).lake.read("division") if row["division_key"] == "d1"]
        names.append(len(ours))
    assert names == [1, 1, 2, 3]


def test_a_receipt_says_what_is_wrong_where_and_how_to_mend_it(settings: Settings) -> None:
    (settings.inbox / "a.txt").write_text(
        "示例县教育局部门整体支出绩效自评报告\n（2024年度）\n填报人：张示例\n"
        "目标：新开工项目80宗。完成情况：新开工项目22宗，完成率82%。<script>\n",
        encoding="utf-8",
    )
    run = intake(settings)
    run.take_in()
    run.read_and_check()
    assert run.land().returned == 1
    [page] = [path.read_text(encoding="utf-8") for path in settings.receipts.rglob("*.html")]
    assert "退回修改" in page and "27.50%" in page and "完成率82%" in page and "怎样改" in page
    assert "张示例" not in page and "<script>" not in page


def test_the_inbox_of_the_project_is_not_needed(settings: Settings) -> None:
    settings.inbox.rmdir()
    assert intake(settings).take_in() == 0
    assert (PROJECT_ROOT / "registers").is_dir()
