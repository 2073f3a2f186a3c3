"""Tables that people write: CSV and workbooks, and errors that say which file, sheet, row and column."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest import registers
from ingest.tables import TableError, csv_rows

DIVISION_COLUMNS = (
    *("division_key", "gb_code", "mof_div_code", "name", "aliases", "kind", "region_group", "league"),
    *("fiscal_parent_key", "map_parent_key", "province_key", "valid_from", "valid_to", "source"),
)
DIVISION = ["d1", 441283, "", "示例县", "", "county", "东部", "county", "", "", "p1", date(2018, 1, 1), "", "文件"]
DUE_COLUMNS = ("division_key", "department_name", "functions", "fiscal_year", "due_on", "source")
DUE = ["d1", "教育局", "education", 2024, date(2026, 3, 31), "文件"]


def workbook(path: Path, *sheets: tuple[str, list[Any]]) -> None:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy年m月d日"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def test_registers_as_workbooks_are_what_they_are_as_csv(tmp_path: Path) -> None:
    books, texts = tmp_path / "books", tmp_path / "texts"
    books.mkdir()
    texts.mkdir()
    workbook(books / "divisions.xlsx", ("名册", [DIVISION_COLUMNS, DIVISION]), ("说明", [["请按此填写"]]))
    workbook(
        books / "due_submissions.xlsx", ("应报", [DUE_COLUMNS, DUE, [], ["d1", "财政局", "", "2024", "2026-03-31", ""]])
    )
    lines = ",".join(DIVISION_COLUMNS) + "\n" + ",".join(map(str, DIVISION)) + "\n"
    (texts / "divisions.csv").write_bytes(lines.encode("gb18030"))
    lines = ",".join(DUE_COLUMNS) + "\n" + ",".join(map(str, DUE)) + "\n\nd1,财政局,,2024,2026-03-31,\n"
    (texts / "due_submissions.csv").write_bytes(lines.encode("utf-8-sig"))
    as_books, as_texts = registers.division_rows([books]), registers.division_rows([texts])
    assert as_books == as_texts and as_books[0]["gb_code"] == "441283"
    due = registers.due_rows([books], as_books)
    assert due == registers.due_rows([texts], as_texts)
    assert [(row["fiscal_year"], row["due_on"]) for row in due] == [(2024, date(2026, 3, 31))] * 2


@pytest.mark.parametrize(
    ("cell", "column", "says"),
    [
        ("2026/3/31", 4, r"due_submissions.xlsx 工作表“应报”第3行“due_on”列：日期应写作 2026-03-31，现为“2026/3/31”"),
        ("2026/3/31", 4, r"due_submissions.xlsx sheet '应报' row 3, column due_on: write a date like 2026-03-31"),
        ("二〇二四", 3, r"第3行“fiscal_year”列：年度应写作 2024"),
        (2024.5, 3, r"第3行“fiscal_year”列：年度应写作 2024，现为“2024.5”"),
        ("d7", 0, r"第3行“division_key”列：应为区划名册中的区划键，现为“d7”"),
    ],
)
def test_an_error_says_file_sheet_row_column_and_how_to_mend_it(
    tmp_path: Path, cell: object, column: int, says: str
) -> None:
    workbook(tmp_path / "divisions.xlsx", ("名册", [DIVISION_COLUMNS, DIVISION]))
    wrong = [*DUE[:column], cell, *DUE[column + 1 :]]
    workbook(tmp_path / "due_submissions.xlsx", ("应报", [DUE_COLUMNS, DUE, wrong]))
    with pytest.raises(TableError, match=says):
        registers.due_rows([tmp_path], registers.division_rows([tmp_path]))


def test_a_missing_column_is_named_with_its_sheet(tmp_path: Path) -> None:
    workbook(tmp_path / "due_submissions.xlsx", ("说明", [["填表说明"]]), ("应报", [DUE_COLUMNS[:4], DUE[:4]]))
    with pytest.raises(TableError, match=r"due_submissions.xlsx 工作表“应报” 缺少列：due_on"):
        registers.due_rows([tmp_path], [])


def test_a_workbook_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "divisions.xlsx").write_bytes(b"division_key,name\n")
    with pytest.raises(TableError, match=r"divisions.xlsx 打不开，请用 Excel 另存为 .xlsx"):
        registers.division_rows([tmp_path])


@pytest.mark.parametrize(("ended", "is_refused"), [("2023-12-31", False), ("2024-01-01", True), ("", True)])
def test_two_periods_of_a_division_never_overlap(tmp_path: Path, ended: str, is_refused: bool) -> None:
    columns = "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key"
    header = f"{columns},map_parent_key,province_key,valid_from,valid_to,source\n"
    later, earlier = (
        "one,,,新县,,county,,county,,,p,2024-01-01,,x",
        f"one,,,旧县,,county,,county,,,p,2010-01-01,{ended},x",
    )
    (tmp_path / "divisions.csv").write_text(f"{header}{later}\n{earlier}\n", encoding="utf-8")
    if is_refused:
        with pytest.raises(TableError, match=r"第3行“valid_to”列：应早于 2024-01-01"):
            registers.division_rows([tmp_path])
    else:
        assert len(registers.division_rows([tmp_path])) == 2


def test_a_lock_file_of_excel_is_no_register(tmp_path: Path) -> None:
    (tmp_path / "~$divisions.xlsx").write_bytes(b"\x05user")
    assert registers.division_rows([tmp_path]) == []


def test_a_wrong_time_of_delivery_says_where(tmp_path: Path) -> None:
    typed = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001  a workbook knows no zones
    workbook(tmp_path / "deliveries.xlsx", ("收文", [["source_name", "received_at"], ["a.txt", typed]]))
    [moment] = registers.delivery_times([tmp_path]).values()
    assert moment.isoformat() == "2026-03-01T09:30:00+00:00"
    (tmp_path / "deliveries.csv").write_text("source_name,received_at\nb.txt,昨天\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"deliveries.csv 第2行“received_at”列"):
        registers.delivery_times([tmp_path])


def test_a_cell_with_a_line_end_keeps_the_count_of_lines() -> None:
    rows = csv_rows(b'a,b\n"x\ny",1\nz,2\n', "t.csv", ("a",))
    assert [row.place_zh for row in rows] == ["t.csv 第3行", "t.csv 第4行"]
