"""One figure everywhere: pages in both languages, workbook, PDF and Word file say what the warehouse says.

Every published form is opened again and read by another program than the one that wrote it. A new form joins as one
more test that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pdfplumber
import pytest
from selectolax.lexbor import LexborHTMLParser

from publish import data
from publish.bulletin.leagues import COLUMNS
from publish.warehouse import opened
from tests.component import edition_fixture as made

# What a bulletin says of a division, year by year: each field as text, rounded as it is printed.
Said = Mapping[str, list[dict[str, str]]]
FIELDS = ("rank", "is_tied", "interval", "score", "due", "received", "assessable", "verified_share")
PARTS = ("execution_score", "outcome_score", "reliability_score", "completeness_score")
CENT, UNKNOWN = Decimal("0.01"), "未知"


@pytest.fixture(scope="module", params=["made", pytest.param("sample", marks=pytest.mark.night)])
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up edition with every case, and the second night of the sample province."""
    if request.param == "made":
        return made.make_pair(tmp_path_factory.mktemp("same"))[1]
    home, _ = request.getfixturevalue("next_night")
    return Path(home.current)


@pytest.fixture(scope="module")
def ranks(edition: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The warehouse's ranked divisions of the shown method, by name and year."""
    method = data.load(edition).method_id
    found = asked(edition, "SELECT * FROM rank_division WHERE method_id = $1 ORDER BY ALL", [method])
    named = names(edition, "dim_division", "division_key")
    by_name = {(named[row["division_key"]], row["fiscal_year"]): row for row in found}
    assert len(by_name) == len(found), "names tell the divisions apart"
    return by_name


def asked(edition: Path, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    with opened(edition) as con:
        return data.rows(con, query, values)


def names(edition: Path, table: str, key: str) -> dict[str, str]:
    rows = asked(edition, f"SELECT {key}, name FROM {table} ORDER BY valid_from NULLS FIRST")
    return {row[key]: row["name"] for row in rows}


def rounded(value: Decimal) -> str:
    return str(value.quantize(CENT, ROUND_HALF_UP))


def expected(row: Mapping[str, Any]) -> dict[str, str]:
    low, high = row["rank_low"], row["rank_high"]
    return {
        "rank": str(row["rank"]),
        "is_tied": str(row["is_tied"]),
        "interval": str(low) if low == high else f"{low}–{high}",
        "score": rounded(row["score"]),
        "due": UNKNOWN if row["due"] is None else str(row["due"]),
        "received": str(row["received"]),
        "assessable": str(row["assessable"]),
        "verified_share": f"{rounded(row['verified_share'] * 100)}%",
    }


# The bulletin: the tables of the PDF by its tags, those of the Word file as Word has them


def pdf_tables(path: Path) -> Iterator[list[list[str]]]:
    """Tables of a tagged PDF: what a screen reader would say, cell by cell."""
    with pdfplumber.open(path) as pdf:
        text: dict[tuple[int, int], str] = {}
        for page in pdf.pages:
            for char in page.chars:
                if char["mcid"] is not None:
                    place = (page.page_number, char["mcid"])
                    text[place] = text.get(place, "") + char["text"]
        yield from (_rows(one, text) for root in pdf.structure_tree for one in _of_type(root, {"Table"}))


def _of_type(node: Mapping[str, Any], wanted: set[str]) -> Iterator[Mapping[str, Any]]:
    if node.get("type") in wanted:
        yield node
        return
    for child in node.get("children", ()):
        yield from _of_type(child, wanted)


def _rows(table: Mapping[str, Any], text: Mapping[tuple[int, int], str]) -> list[list[str]]:
    return [[_said(cell, text, 0) for cell in _of_type(row, {"TH", "TD"})] for row in _of_type(table, {"TR"})]


def _said(node: Mapping[str, Any], text: Mapping[tuple[int, int], str], page: int) -> str:
    page = node.get("page_number") or page
    own = "".join(text.get((page, mcid), "") for mcid in node.get("mcids", ()))
    return (own + "".join(_said(child, text, page) for child in node.get("children", ()))).strip()


def word_tables(path: Path) -> Iterator[list[list[str]]]:
    for table in docx.Document(str(path)).tables:
        yield [[cell.text for cell in row.cells] for row in table.rows]


def bulletin_says(tables: Iterator[list[list[str]]]) -> Said:
    """What the tables of ranks say, by division: its years from the newest on, as the sections stand."""
    said: dict[str, list[dict[str, str]]] = {}
    for head, *rows in tables:
        if tuple(head) == COLUMNS:
            for rank, interval, name, score, due, received, assessable, share, _moved in rows:
                figures = (rank.removeprefix("并列"), str(rank.startswith("并列")), interval, score)
                counts = (due.replace(",", ""), received.replace(",", ""), assessable.replace(",", ""), share)
                one = dict(zip(FIELDS, (*figures, *counts), strict=True))
                said.setdefault(name.removesuffix("（暂定）"), []).append(one)
    return said


def test_the_bulletin_says_the_ranks_of_the_warehouse(edition: Path, ranks: dict[tuple[str, int], Any]) -> None:
    wanted: dict[str, list[dict[str, str]]] = {}
    for (name, _), row in sorted(ranks.items(), key=lambda item: -item[0][1]):
        if row["is_ranked"]:
            wanted.setdefault(name, []).append(expected(row))
    assert wanted
    assert bulletin_says(word_tables(edition / "bulletin.docx")) == wanted
    assert bulletin_says(pdf_tables(edition / "bulletin.pdf")) == wanted


def test_the_pdf_and_the_word_file_hold_the_same_tables(edition: Path) -> None:
    def compact(tables: Iterator[list[list[str]]]) -> list[list[list[str]]]:
        return [[[re.sub(r"\s", "", cell) for cell in row] for row in table] for table in tables]

    in_word = compact(word_tables(edition / "bulletin.docx"))
    assert in_word and compact(pdf_tables(edition / "bulletin.pdf")) == in_word


def test_the_bulletin_counts_what_the_warehouse_counts(edition: Path) -> None:
    said = [
        tuple(None if number == "" else int(number) for number in found)
        for paragraph in docx.Document(str(edition / "bulletin.docx")).paragraphs
        for found in COVERAGE.findall(paragraph.text.replace(",", ""))
    ]
    counted = asked(
        edition,
        "SELECT CASE WHEN count(due) = count(*) THEN sum(due) END AS due, sum(received) AS received, "
        "sum(accepted) AS accepted, sum(assessable) AS assessable FROM rank_division WHERE method_id = $1 "
        "GROUP BY fiscal_year, province_key ORDER BY fiscal_year DESC, province_key",
        [data.load(edition).method_id],
    )
    assert said == [tuple(row.values()) for row in counted]


COVERAGE = re.compile(r"应报部门(?:数未知|(\d+)个)，已报(\d+)个，受理(\d+)个，可评(\d+)个")


# The workbook


def sheet(edition: Path, name: str) -> list[dict[str, Any]]:
    head, *lines = openpyxl.load_workbook(edition / "rankings.xlsx")[name].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines if line[0] != "合计"]


def near(cell: Any, exact: Any) -> bool:
    """Whether a cell is the exact value: as it is shown, and to the fifteen digits that a spreadsheet keeps."""
    if exact is None:
        return isinstance(cell, str)
    if isinstance(exact, int):
        return bool(cell == exact)
    said = Decimal(str(cell))
    return rounded(said) == rounded(exact) and abs(said - exact) <= abs(exact) * Decimal("1e-14")


def check(found: dict[str, Any], exact: Mapping[str, Any], heads: Mapping[str, str]) -> None:
    for head, name in heads.items():
        assert near(found[head], exact[name]), (found, head, exact[name])


RANK_HEADS = {
    "名次": "rank",
    "区间下限": "rank_low",
    "区间上限": "rank_high",
    "得分": "score",
    "核实率": "verified_share",
}
PART_HEADS = dict(zip(("执行", "目标实现", "真实可信", "规范及时"), PARTS, strict=True))
COUNT_HEADS = {"应报": "due", "已报": "received", "受理": "accepted", "可评": "assessable"}


def test_the_workbook_says_the_ranks_of_divisions(edition: Path, ranks: dict[tuple[str, int], Any]) -> None:
    rows = sheet(edition, "区划排名")
    assert {(row["区划"], int(row["财政年度"])) for row in rows} == set(ranks)
    for row in rows:
        check(row, ranks[row["区划"], int(row["财政年度"])], RANK_HEADS | PART_HEADS | COUNT_HEADS)
        assert (row["并列"] == "是") == bool(ranks[row["区划"], int(row["财政年度"])]["is_tied"])


def test_the_workbook_says_the_ranks_of_departments(edition: Path) -> None:
    units, departments = (
        names(edition, "dim_division", "division_key"),
        names(edition, "dim_department", "department_key"),
    )
    method = data.load(edition).method_id
    functions = {row["function_key"]: row["name_zh"] for row in asked(edition, "FROM functions")}
    exact = {
        (
            units[row["division_key"]],
            departments.get(row["department_key"], row["department_key"]),
            functions.get(row["function"], row["function"]),
            row["fiscal_year"],
        ): row
        for row in asked(edition, "SELECT * FROM rank_department WHERE method_id = $1", [method])
    }
    rows = sheet(edition, "部门排名")
    assert len(rows) == len(exact) > 0
    for row in rows:
        check(row, exact[row["区划"], row["部门"], row["职能"], int(row["财政年度"])], RANK_HEADS | PART_HEADS)


def test_the_workbook_counts_filings_as_the_warehouse(edition: Path) -> None:
    units = names(edition, "dim_division", "division_key")
    exact = {(units[row["division_key"]], row["fiscal_year"]): row for row in asked(edition, "FROM filing_division")}
    rows = sheet(edition, "覆盖")
    assert len(rows) == len(exact) > 0
    heads = {"应报": "due", "已报": "received", "受理": "accepted", "退回未重报": "returned", "逾期未报": "overdue"}
    for row in rows:
        check(row, exact[row["区划"], int(row["财政年度"])], heads | {"未到期": "expected", "撤回": "withdrawn"})


def test_the_workbook_says_scopes_and_improvement(edition: Path) -> None:
    units, method = names(edition, "dim_division", "division_key"), data.load(edition).method_id
    risen = {
        (units[row["division_key"]], row["fiscal_year"]): row
        for row in asked(edition, "SELECT * FROM rank_division_improvement WHERE method_id = $1", [method])
    }
    rows = sheet(edition, "进步")
    assert len(rows) == len(risen) > 0
    heads = {
        "名次": "rank",
        "增减（分）": "improvement",
        "增减区间下端": "improvement_low",
        "上年度得分": "score_before",
    }
    for row in rows:
        check(row, risen[row["区划"], int(row["财政年度"])], heads | {"增减区间上端": "improvement_high"})
    scopes = asked(edition, "SELECT rank, ranked_units, units FROM rank_division_scope WHERE method_id = $1", [method])
    in_book = [(row["名次"], row["参加排名"], row["范围内区划"]) for row in sheet(edition, "同类与分区")]
    wanted = [("不适用" if row["rank"] is None else row["rank"], row["ranked_units"], row["units"]) for row in scopes]
    assert sorted(in_book, key=str) == sorted(wanted, key=str)


def test_every_column_of_the_workbook_is_defined(edition: Path) -> None:
    book = openpyxl.load_workbook(edition / "rankings.xlsx")["指标说明"]
    known = {
        f"{row['t']}.{row['c']}" for row in asked(edition, "SELECT table_name t, column_name c FROM dictionary_column")
    }
    for line in book.iter_rows(min_row=2, values_only=True):
        assert "—" not in line[:5], line
        assert line[5].startswith("由") or line[5] in known, line


# The pages, in both languages: `data-value` holds exact values


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_pages_say_the_figures_of_the_warehouse(
    edition: Path, ranks: dict[tuple[str, int], Any], language: str
) -> None:
    fields = ("rank", "score", "due", "received", "accepted", "assessable")
    for (_, year), row in ranks.items():
        path = edition / "site" / language / "division" / f"{row['division_key']}.html"
        section = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first(f"#y{year}")
        assert section is not None, path
        for name in fields:
            node = section.css_first(f'[data-field="{name}"]')
            assert node is not None, (path, name)
            assert node.attributes["data-value"] == ("" if row[name] is None else str(row[name])), (path, name)
