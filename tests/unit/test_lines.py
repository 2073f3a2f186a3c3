"""Lines of departments: which key a year's report is kept under, and registers that contradict themselves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest import registers
from ingest.identify import department_key_of, identify
from ingest.intake import Intake
from ingest.lines import Lines
from ingest.tables import TableError
from jiheng.settings import Settings

HEADER = "division_key,old_name,new_name,changed_on,kind,source,new_division_key,is_principal\n"
DIVISIONS = (
    "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key,map_parent_key,"
    "province_key,valid_from,valid_to,source\n"
    "d1,,,甲县,,county,东部,county,,,p1,2018-01-01,2023-12-31,test\n"
    "d1,,,甲市,,county_level_city,东部,county,,,p1,2024-01-01,,test\n"
    "d2,,,乙区,,district,东部,district,,,p1,2018-01-01,,test\n"
)
DUE = "division_key,department_name,functions,fiscal_year,due_on,source\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    return tmp_path


def changes(place: Path, *lines: str, landed: str = "") -> list[dict[str, object]]:
    divisions = registers.division_rows([place])
    before = changes(place, *landed.split("\n")) if landed else []
    (place / "department_changes.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return registers.change_rows([place], divisions, before)


def key(name: str, division: str = "d1") -> str:
    return department_key_of(division, name)


def test_a_year_belongs_to_the_name_of_its_last_day(place: Path) -> None:
    lines = Lines.of(
        changes(
            place,
            "d1,农业局,农业农村局,2022-12-31,rename,文件,,",
            "d1,农业农村局,农业农村局,2025-01-01,transfer,文件,d2,",
            "d1,卫生局,卫健局,2024-06-01,merge,文件,,",
        )
    )
    names = [key("农业局"), key("农业农村局"), key("农业农村局", "d2")]
    for name in names:
        years = [lines.in_year(name, year) for year in (2021, 2022, 2024, 2025)]
        assert years == [names[0], names[1], names[1], names[2]]
        assert lines.newest(name) == names[2]
    assert set(lines.homes_of(names[1])) == {("d1", "农业局"), ("d1", "农业农村局"), ("d2", "农业农村局")}
    # What merged is another body: reports stay where they are.
    assert lines.in_year(key("卫生局"), 2024) == lines.newest(key("卫生局")) == key("卫生局")


RENAMED = "d1,商务局,商贸局,2024-03-01,rename,文件,,"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([RENAMED, "d1,商贸局,商务局,2025-03-01,rename,文件,,"], "第3行“new_name”列：变更首尾相接成环"),
        (
            [RENAMED, "d1,商贸局,招商局,2025-03-01,rename,,,", "d1,招商局,商务局,2025-04-01,merge,,,"],
            r"line 4, column new_name: the changes run in a circle",
        ),
        ([RENAMED, "d1,商务局,招商局,2024-03-01,merge,文件,,"], "第3行“old_name”列：该部门已登记去向“商贸局”"),
        ([RENAMED, "d1,外贸局,商贸局,2024-03-01,merge,文件,,"], "第3行“kind”列：多个部门变为同一名称"),
        ([RENAMED, RENAMED], "第2行“old_name”列：同一变更只登记一行"),
        (
            [RENAMED, "d1,商贸局,招商局,2023-03-01,rename,文件,,"],
            "第3行“changed_on”列：与相接的变更（2024-03-01）先后颠倒",
        ),
        (["d1,商贸局,招商局,2023-03-01,rename,文件,,", RENAMED], "第3行“changed_on”列：与相接的变更（2023-03-01）"),
        (["d1,商务局,商贸局,2024-03-01,split,文件,,"], "第2行“is_principal”列：分设的各行中应有且只有一行"),
        (["d1,商务局,商贸局,2024-03-01,transfer,文件,,"], "第2行“new_division_key”列：划转须填写"),
        (["d1,商务局,,2024-03-01,rename,文件,,"], "第2行“new_name”列：撤销（abolished）时留空"),
        (["d1,商务局,商贸局,2024-03-01,abolished,文件,,"], "第2行“new_name”列：撤销（abolished）时留空"),
        (["d1,商务局,甲县商务局,2024-03-01,rename,文件,,"], "第2行“new_name”列：与原名称相同"),
        (["d1,商务局,商贸局,2024年3月,rename,文件,,"], "第2行“changed_on”列：日期应写作"),
        (["d1,商务局,商贸局,2024-03-01,更名,文件,,"], "第2行“kind”列：应为 rename"),
        (["d9,商务局,商贸局,2024-03-01,rename,文件,,"], "第2行“division_key”列：应为区划名册中的区划键"),
        (["d1,,商贸局,2024-03-01,rename,文件,,"], "第2行“old_name”列：不能为空"),
    ],
)
def test_a_change_that_cannot_be_is_told_with_its_row(place: Path, lines: list[str], says: str) -> None:
    with pytest.raises(TableError, match=says):
        changes(place, *lines)


def test_what_the_lake_holds_counts_until_it_is_taken_back(place: Path) -> None:
    other = "d1,商务局,招商局,2024-03-01,rename,文件,,"
    with pytest.raises(TableError, match="把它的 kind 改为 void"):
        changes(place, other, landed=RENAMED)
    rows = changes(place, RENAMED.replace("rename", "void"), other, landed=RENAMED)
    assert Lines.of(rows).newest(key("商务局")) == key("招商局")


def test_a_split_keeps_its_line_where_the_register_says(place: Path) -> None:
    stays = ("d1,商务局,商务局,2024-03-01,split,文件,,是", "d1,商务局,招商局,2024-03-01,split,文件,,")
    rows = changes(place, *stays, "d1,商务局,商贸局,2025-03-01,rename,文件,,")
    assert [row["is_principal"] for row in rows] == [True, False, False]
    with pytest.raises(TableError, match="is_principal"):
        changes(place, stays[0], stays[1] + "是")


def test_a_report_under_any_name_is_registered_and_kept_where_its_year_belongs(place: Path) -> None:
    lines = Lines.of(changes(place, "d1,商务局,商贸局,2025-03-01,rename,文件,,"))
    (place / "due_submissions.csv").write_text(DUE + "d1,商务局,,2024,2025-03-31,文件\n", encoding="utf-8")
    divisions = registers.division_rows([place])
    directory = registers.directory_of(divisions, registers.due_rows([place], divisions), lines)
    texts = {
        "甲市商贸局2024年度部门整体支出绩效自评报告": "商务局",
        "甲县商务局2024年度部门整体支出绩效自评报告": "商务局",  # the division's name of before 2024
        "甲市商务局2025年度部门整体支出绩效自评报告": "商贸局",
    }
    for text, kept in texts.items():
        found = identify(text, directory, [])
        assert (found.department_key, found.division_key) == (key(kept), "d1")
        assert found.department_name in text and found.department_name in directory.departments["d1"]
        assert found.full_name.startswith("甲市")


def test_a_department_that_moves_makes_no_register_where_there_is_none(place: Path) -> None:
    lines = Lines.of(changes(place, "d1,商务局,商务局,2025-03-01,transfer,文件,d2,"))
    (place / "due_submissions.csv").write_text(DUE + "d1,商务局,,2024,2025-03-31,文件\n", encoding="utf-8")
    divisions = registers.division_rows([place])
    directory = registers.directory_of(divisions, registers.due_rows([place], divisions), lines)
    assert set(directory.departments) == {"d1"}


REPORT = (
    "甲市{name}部门整体支出绩效自评报告\n（{year}年度）\n一、部门职能\n负责招商引资、外贸和商贸流通工作。\n"
    "年初预算{amount}万元，调整预算{amount}万元，全年支出{amount}万元。自评结果为90分，等级为优。\n"
)


@pytest.fixture
def settings(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "0")
    made = Settings(place)
    made.inbox.mkdir()
    (place / "registers").mkdir()
    (place / "divisions.csv").rename(place / "registers" / "divisions.csv")
    yield made


def test_last_year_and_the_version_before_are_found_through_the_line(settings: Settings) -> None:
    """Size against last year (F04) needs last year's report; the second file of a year is the next version."""
    filed = [("商务局", 2023, 100), ("商贸局", 2024, 100000), ("商务局", 2024, 90000)]
    for hours, (name, year, amount) in enumerate(filed):
        if hours == 2:
            lines = HEADER + "d1,商务局,商贸局,2025-03-01,rename,文件,,\n"
            (settings.home / "registers" / "department_changes.csv").write_text(lines, encoding="utf-8")
        text = REPORT.format(name=name, year=year, amount=amount)
        (settings.inbox / f"{hours}.txt").write_text(text, encoding="utf-8")
        run = Intake(settings, f"run {hours}", datetime(2026, 1, 1, 12 + hours, tzinfo=UTC))
        run.take_in()
        run.read_and_check()
        assert run.land().received == 1
    versions = {row["source_name"]: row for row in run.lake.read("submission_version")}
    assert [versions[f"{n}.txt"]["version_number"] for n in range(3)] == [1, 1, 2]
    assert versions["2.txt"]["department_key"] == versions["0.txt"]["department_key"] == key("商务局")
    outcomes = {(row["submission_version_id"], row["rule_id"]): row["outcome"] for row in run.lake.read("finding")}
    sizes = [outcomes[versions[f"{n}.txt"]["submission_version_id"], "F04"] for n in range(3)]
    assert sizes == ["not_applicable", "not_applicable", "fail"]
    [change] = run.lake.read("department_change")
    assert change["changed_on"] == date(2025, 3, 1)
    Intake(settings, "again", datetime(2026, 1, 2, tzinfo=UTC)).take_in()
    assert len(run.lake.read("department_change")) == 1
