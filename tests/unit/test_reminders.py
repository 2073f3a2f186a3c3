"""Reminders: who is awaited on a day, the notices, the workbook, and the command that gives them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
from typer.testing import CliRunner

from jiheng import reminders
from jiheng.cli import app
from jiheng.settings import Settings
from jiheng.warehouse import NothingBuiltError

TODAY = date(2025, 4, 10)
FILINGS = [
    # division, department, name, year, state, due_on, mend_by
    ("a", "a1", "甲局", 2024, "expected", "2025-04-17", None),
    ("a", "a2", "乙局", 2024, "expected", "2025-04-18", None),
    ("a", "a3", "丙局", 2024, "overdue", "2025-03-31", None),
    ("a", "a4", "丁局", 2024, "accepted", "2025-03-31", None),
    ("b", "b1", "戊[局]", 2024, "returned", "2025-03-31", "2025-04-09"),
    ("b", "b2", "己局", 2024, "returned", "2025-03-31", "2025-04-10"),
    ("b", "b3", "庚局", 2024, "withdrawn", "2025-04-10", None),
    ("c", "c1", "辛局", 2024, "accepted_with_findings", None, None),
    ("c", "c2", "壬局", 2024, "returned", None, "2025-04-20"),
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "private" / "run" / "2025-04-10-e1" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE dim_division (division_key VARCHAR, name VARCHAR, valid_from DATE)")
        con.execute("INSERT INTO dim_division VALUES ('a', '旧名', '2000-01-01'), ('a', '甲县', '2020-01-01')")
        con.execute("INSERT INTO dim_division VALUES ('b', '=乙县', '2020-01-01'), ('c', '丙县', '2020-01-01')")
        con.execute(
            "CREATE TABLE filing_overview (division_key VARCHAR, department_key VARCHAR, department_name VARCHAR, "
            "fiscal_year INTEGER, state VARCHAR, due_on DATE, mend_by DATE)"
        )
        con.executemany("INSERT INTO filing_overview VALUES (?, ?, ?, ?, ?, ?, ?)", FILINGS)
    return Settings(tmp_path)


def awaited(settings: Settings, *more: int) -> list[tuple[str, str, int]]:
    return [(item.department_key, item.kind, item.days) for item in reminders.reminders(settings, TODAY, *more).items]


def test_who_is_awaited_and_how_long(settings: Settings) -> None:
    assert awaited(settings) == [
        ("a3", "overdue", 10), ("a1", "due_soon", 7), ("b1", "returned", 1), ("b3", "due_soon", 0),
    ]  # fmt: skip


def test_the_day_counts_not_the_state_that_the_build_gave(settings: Settings) -> None:
    later = reminders.reminders(settings, date(2025, 4, 18))
    assert {item.department_key: (item.kind, item.days) for item in later.items} == {
        "a1": ("overdue", 1), "a2": ("due_soon", 0), "a3": ("overdue", 18), "b1": ("returned", 9),
        "b2": ("returned", 8), "b3": ("overdue", 8),
    }  # fmt: skip


def test_how_many_days_ahead_may_be_told(settings: Settings) -> None:
    assert [key for key, kind, _ in awaited(settings, 0) if kind == "due_soon"] == ["b3"]
    assert [key for key, kind, _ in awaited(settings, 8) if kind == "due_soon"] == ["a1", "a2", "b3"]


def test_a_notice_says_what_is_awaited_and_nothing_else(settings: Settings) -> None:
    found = reminders.reminders(settings, TODAY)
    assert list(found.notices) == ["a", "b"]
    assert found.notices["a"].splitlines() == [
        "关于催报部门整体支出绩效自评报告的提醒",
        "",
        "甲县财政部门：",
        "",
        "截至2025年4月10日，你地有2份部门整体支出绩效自评报告需要催报：",
        "",
        "一、逾期未报（1份）",
        "1. 丙局2024年度报告，应于2025年3月31日前报送，已逾期10天。",
        "",
        "二、即将到期（1份）",
        "1. 甲局2024年度报告，应于2025年4月17日前报送，还有7天。",
        "",
        "请提醒有关部门：逾期未报的，请尽快报送；即将到期的，请按期报送。",
        "已经报送的，请忽略本提醒；对应报名册或报送情况有疑问的，请及时反馈。",
    ]
    assert "今天到期" in found.notices["b"] and "改正重报，已超过1天" in found.notices["b"]
    assert not any("分数" in text or "得分" in text for text in found.notices.values())


def test_an_installation_has_its_own_days_and_words(settings: Settings) -> None:
    own = settings.home / "reminders.yaml"
    packaged = (Path(reminders.__file__).with_name("reminders.yaml")).read_text(encoding="utf-8")
    own.write_text(packaged.replace("days_ahead: 7", "days_ahead: 8").replace("你地", "你县"), encoding="utf-8")
    found = reminders.reminders(settings, TODAY)
    assert "a2" in {item.department_key for item in found.items} and "你县有3份" in found.notices["a"]
    own.write_text("days_ahead: 8\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"reminders.yaml"):
        reminders.reminders(settings, TODAY)


def test_the_workbook_holds_the_list_and_the_notices(settings: Settings, tmp_path: Path) -> None:
    found = reminders.reminders(settings, TODAY)
    reminders.write_workbook(found, tmp_path / "out" / "催报.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / "催报.xlsx")
    assert book.sheetnames == ["催报清单", "提醒文本"]
    head, *rows = book["催报清单"].iter_rows(values_only=True)
    assert head == ("区划", "部门", "财政年度", "事由", "期限", "逾期天数", "剩余天数")
    assert rows[0] == ("甲县", "丙局", "2024", "逾期未报", "2025-03-31", 10, "不适用")
    assert rows[1] == ("甲县", "甲局", "2024", "即将到期", "2025-04-17", "不适用", 7)
    assert len(rows) == len(found.items)
    assert [row[2] for row in book["提醒文本"].iter_rows(min_row=2, values_only=True)] == list(found.notices.values())
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def command(settings: Settings, *arguments: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["remind", *arguments], env={"JIHENG_HOME": str(settings.home), "COLUMNS": "120"})
    return ran.exit_code, ran.stdout, ran.stderr


def test_the_command_shows_a_table_texts_and_json(settings: Settings, tmp_path: Path) -> None:
    code, shown, _ = command(settings, "--on", "2025-04-10", "--out", str(tmp_path / "a.xlsx"))
    assert code == 0 and "戊[局]" in shown and "已过 10" in shown and "还有 7" in shown
    assert (tmp_path / "a.xlsx").is_file() and "2025-04-10-e1" in shown
    assert "甲县财政部门" in command(settings, "--on", "2025-04-10", "--text")[1]
    found = json.loads(command(settings, "--on", "2025-04-10", "--json")[1])
    assert (found["day"], found["edition"], found["count"]) == ("2025-04-10", "2025-04-10-e1", 4)
    assert found["divisions"][1]["awaited"][0]["last_day"] == "2025-04-09"
    assert "没有需要催报的" in command(settings, "--on", "2025-01-01")[1]


def test_wrong_arguments_and_an_empty_home_are_told_apart(settings: Settings, tmp_path: Path) -> None:
    assert command(settings, "--on", "4月10日")[0] == 2
    assert command(settings, "--out", str(tmp_path / "a.docx"))[0] == 2
    code, _, told = command(Settings(tmp_path / "empty"))
    assert code == 4 and "error[E4002]" in told and "jiheng build" in told


def test_a_build_of_an_older_program_says_so(tmp_path: Path) -> None:
    path = tmp_path / "held" / "e0" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    duckdb.connect(str(path)).close()
    with pytest.raises(NothingBuiltError, match="旧版"):
        reminders.reminders(Settings(tmp_path), TODAY)
