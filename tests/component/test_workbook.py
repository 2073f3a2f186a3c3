"""The workbook: its sheets, what every column means, sums that match, and that nothing in it is run or invented."""

from __future__ import annotations

import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from publish import data, workbook
from tests.component import edition_fixture as made

NAMES = [
    *("说明", "区划排名", "同类与分区", "进步", "名次变动", "部门排名"),
    *("覆盖", "报送情况", "自评与证据", "预算执行", "问题清单", "指标说明"),
]
SUMS = "合计"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("workbook"))


@pytest.fixture(scope="module")
def book(edition: Path) -> Any:
    return openpyxl.load_workbook(edition / "rankings.xlsx")


def read(book: Any, name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows of a sheet by its heads, and its row of sums."""
    head, *lines = book[name].iter_rows(values_only=True)
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    sums = rows.pop() if rows and rows[-1][head[0]] == SUMS else {}
    return rows, sums


def queried(edition: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        return data.rows(con, query)


def test_every_sheet_is_there_and_can_be_worked_with(book: Any) -> None:
    assert book.sheetnames == NAMES
    for name in NAMES[1:]:
        sheet = book[name]
        assert sheet.freeze_panes and sheet.auto_filter.ref and sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert "期号 e1" in sheet.oddFooter.left.text and "第 &P 页 共 &N 页" in sheet.oddFooter.right.text


def test_nothing_is_a_formula_and_no_row_has_an_empty_cell(book: Any) -> None:
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            assert not any(cell.data_type == "f" for cell in row)
            if row[0].value != SUMS:
                assert all(cell.value not in (None, "") for cell in row), (name, [cell.value for cell in row])


def test_absent_values_are_words(book: Any) -> None:
    rows = {row["区划"]: row for row in read(book, "区划排名")[0]}
    assert rows["四新区"]["名次"] == "不适用" and rows["四新区"]["得分"] == "不适用"
    assert rows["五区"]["应报"] == "未知" and rows["五区"]["暂定"] == "是"
    assert rows["二县"]["目标实现"] == "不适用" and rows["四新区"]["较上期"] == "不适用"
    assert rows["一县"]["较上期"] == 1 and rows["一县"]["并列"] == "是"


def test_every_column_is_defined_in_both_languages(book: Any) -> None:
    heads = [cell.value for cell in book["指标说明"][1]]
    said = {
        (row["工作表 Sheet"], row["列 Column"]): row
        for row in (
            dict(zip(heads, line, strict=True)) for line in book["指标说明"].iter_rows(min_row=2, values_only=True)
        )
    }
    for name in NAMES[1:-1]:
        for cell in book[name][1]:
            row = said[name, cell.value]
            assert "—" not in (row["含义"], row["Meaning"], row["英文名称 English"]), (name, cell.value)
            assert cell.comment and row["含义"] in cell.comment.text and row["Meaning"] in cell.comment.text
            assert row["方法 Method"] == "m1"


def test_sources_of_columns_are_columns_of_the_warehouse(edition: Path, book: Any) -> None:
    """Also of the real one: see test_same_figures."""
    known = {
        f"{row['table_name']}.{row['column_name']}"
        for row in queried(edition, "SELECT table_name, column_name FROM dictionary_column")
    }
    sources = {line[5] for line in book["指标说明"].iter_rows(min_row=2, values_only=True)}
    assert {source for source in sources if not source.startswith("由")} <= known


def test_sums_are_those_of_the_rows_and_of_the_warehouse(edition: Path, book: Any) -> None:
    for name in NAMES[1:-1]:
        rows, sums = read(book, name)
        for head, value in sums.items():
            if value in (SUMS, None, ""):
                continue
            numbers = [row[head] for row in rows if isinstance(row[head], int | float)]
            if isinstance(value, str):
                assert not numbers
            else:
                assert sum(Decimal(str(number)) for number in numbers) == Decimal(str(value)), (name, head)
    spent = read(book, "预算执行")[1]["支出（万元）"]
    [total] = queried(
        edition,
        "SELECT sum(amount_yuan) AS yuan FROM fct_expenditure JOIN dim_submission USING (submission_version_id) "
        "WHERE is_current AND status <> 'withdrawn' AND category = 'total'",
    )
    assert Decimal(str(spent)) == total["yuan"] / 10000
    assert read(book, "区划排名")[1]["已报"] == sum(row["received"] for row in queried(edition, "FROM rank_division"))
    assert read(book, "区划排名")[1]["得分"] in (None, "")


def test_scopes_improvement_and_movements_are_the_warehouses(edition: Path, book: Any) -> None:
    scopes, _ = read(book, "同类与分区")
    assert [(row["比较范围"], row["哪一组"], row["没有显著差别的区划数"]) for row in scopes] == [
        ("全省", "甲省", 2),
        ("同类组", "县与县级市", 1),
        ("区域", "东", 0),
    ]
    [risen] = read(book, "进步")[0]
    assert (risen["区划"], risen["增减（分）"], risen["结论"]) == ("一县", 7.125, "显著上升")
    moved, _ = read(book, "名次变动")
    assert len(moved) == len(queried(edition, "FROM movement_division"))
    first = next(row for row in moved if row["区划"] == "一县" and row["原因"] == "重新报送")
    assert (first["较上期"], first["由此增减（分）"], first["由此升降（名）"]) == (1, 3.02, 0)
    assert next(row for row in moved if row["区划"] == "五区")["由此增减（分）"] == "不适用"


def test_a_change_within_its_interval_is_not_significant(edition: Path, tmp_path: Path) -> None:
    changed = made.make_edition(tmp_path, change="UPDATE rank_division_improvement SET improvement_low = -1")
    [row] = read(openpyxl.load_workbook(changed / "rankings.xlsx"), "进步")[0]
    assert row["结论"] == "不显著"


def test_movement_is_told_by_arrow_and_sign_beside_the_colour(edition: Path) -> None:
    sheet = zipfile.ZipFile(edition / "rankings.xlsx").read("xl/worksheets/sheet2.xml").decode()
    assert 'iconSet="3ArrowsGray"' in sheet and 'type="dataBar"' in sheet


def test_rounding_shows_what_the_warehouse_says(edition: Path, book: Any) -> None:
    query = "SELECT name, score FROM rank_division JOIN dim_division USING (division_key) WHERE is_ranked"
    exact = {row["name"]: row["score"] for row in queried(edition, query)}
    shown = {row["区划"]: Decimal(str(row["得分"])) for row in read(book, "区划排名")[0] if row["名次"] != "不适用"}
    cent = Decimal("0.01")
    assert {name: score.quantize(cent, ROUND_HALF_UP) for name, score in shown.items()} == {
        name: score.quantize(cent, ROUND_HALF_UP) for name, score in exact.items()
    }


def test_a_method_on_trial_is_not_mixed_in(tmp_path: Path) -> None:
    twice = made.make_edition(
        tmp_path, change="INSERT INTO rank_division SELECT * REPLACE ('m2' AS method_id, 99 AS rank) FROM rank_division"
    )
    rows, _ = read(openpyxl.load_workbook(twice / "rankings.xlsx"), "区划排名")
    assert len(rows) == 5 and all(row["名次"] != 99 for row in rows)


def test_the_same_edition_gives_the_same_bytes(edition: Path) -> None:
    before = (edition / "rankings.xlsx").read_bytes()
    (edition / "rankings.xlsx").chmod(0o644)
    workbook.write(edition)
    assert (edition / "rankings.xlsx").read_bytes() == before


def test_an_empty_edition_has_all_sheets_and_no_rows(tmp_path: Path) -> None:
    empty = made.make_edition(tmp_path, change=EMPTY)
    book = openpyxl.load_workbook(empty / "rankings.xlsx")
    assert book.sheetnames == NAMES
    assert all(book[name].max_row == 1 for name in ("区划排名", "进步", "名次变动", "部门排名"))


EMPTY = "".join(
    f"DELETE FROM {name};"
    for name in (
        *("rank_division", "rank_department", "rank_division_scope", "rank_division_improvement"),
        *("movement_division", "movement_department", "movement_member"),
    )
)
