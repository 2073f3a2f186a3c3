"""The ranks and scores that people see, on pages and in the workbook, against the table that they were made from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish import data, workbook
from publish.data import Row
from publish.verification.checks import Found
from publish.verification.formats import Suspects
from publish.warehouse import WAREHOUSE_NAME, opened
from publish.workbook.rankings import DEPARTMENT, DIVISION, ORDER
from publish.workbook.sheet import MOST_ROWS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

FIELDS = ("rank", "score")
# The sheets of ranks, and the heads of their columns; what stands below the rows, in the first column.
SHEETS = {"区划排名": DIVISION, "部门排名": DEPARTMENT}
HEADS = {"rank": "名次", "score": "得分"}
SUMS = "合计"
# A workbook holds numbers as doubles, of which fifteen digits are sure.
NEAR = Decimal("0.00000001")


def site(edition: Path, suspect: Suspects) -> Found:
    """Rank and score of each division on its page and on the ranking of its year; both show one method."""
    suspect.need(WAREHOUSE_NAME)
    loaded = data.load(edition)
    shown = [row for row in loaded.division_ranks if row["method_id"] == loaded.method_id]
    folder = edition / "site"
    problems: list[str] = []
    for name, listed in _rankings(shown).items():
        if f"site/{name}" not in suspect.names:
            problems += _ranking(name, _page(folder / name), listed)
    pages = 0
    for division in sorted({row["division_key"] for row in shown}):
        name = f"division/{division}.html"
        if f"site/{name}" not in suspect.names:
            pages += 1
            own = [row for row in shown if row["division_key"] == division]
            problems += _division(name, _page(folder / name), own)
    return Found(f"{len(shown)} 个区划年度 divisions' years, {pages} 个区划页 pages", problems)


def _page(path: Path) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def _rankings(shown: list[Row]) -> dict[str, list[Row]]:
    """What each ranking page must list: its year, and the index the newest year of each province."""
    newest: dict[Any, int] = {}
    for row in shown:
        newest[row["province_key"]] = max(row["fiscal_year"], newest.get(row["province_key"], row["fiscal_year"]))
    pages = {"index.html": [row for row in shown if row["fiscal_year"] == newest[row["province_key"]]]}
    for row in shown:
        pages.setdefault(f"ranking-{row['fiscal_year']}.html", []).append(row)
    return pages


def _ranking(name: str, page: LexborHTMLParser, shown: Iterable[Row]) -> Iterable[str]:
    """A ranking page lists who is ranked in its years with rank and score, and the others without."""
    lines = {node.attributes.get("id"): node for node in page.css("tr[id]")}
    for row in shown:
        unit = f"{row['division_key']}-{row['fiscal_year']}"
        if (line := lines.get(f"d-{unit}")) is None:
            yield f"{name}: 缺少 {unit} is not listed"
            continue
        says = [node.attributes.get("data-value") for node in line.css("td.strong")]
        if row["is_ranked"] and says != [str(row[field]) for field in FIELDS]:
            yield _differs(name, unit, "rank, score", [str(row[field]) for field in FIELDS], says)


def _division(name: str, page: LexborHTMLParser, shown: Iterable[Row]) -> Iterable[str]:
    for row in shown:
        section = page.css_first(f"#y{row['fiscal_year']}")
        for field in FIELDS:
            says = _value(section, field)
            if says != ("" if row[field] is None else str(row[field])):
                yield _differs(name, f"{row['division_key']}-{row['fiscal_year']}", field, row[field], says)


def _value(section: LexborNode | None, field: str) -> str | None:
    node = section.css_first(f'[data-field="{field}"]') if section else None
    return node.attributes.get("data-value") if node else None


def _differs(where: str, unit: str, field: str, published: Any, says: Any) -> str:
    return f"{where} [{unit}] {field}: 数据为 the data say {published}, 此处为 it says {says}"


def workbook_sheets(edition: Path) -> dict[str, list[list[Any]]]:
    """The rows of the sheets of ranks."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(edition / workbook.WORKBOOK_NAME) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in SHEETS}


def sheets(edition: Path, suspect: Suspects) -> Found:
    """Rank and score of each row of the workbook's sheets of ranks, which show one method, in their order."""
    suspect.need(WAREHOUSE_NAME, workbook.WORKBOOK_NAME)
    method = data.load(edition).method_id
    problems: list[str] = []
    counted = 0
    for name, lines in workbook_sheets(edition).items():
        expected = _ranks(edition, SHEETS[name], method)
        start = next((place for place, line in enumerate(lines) if HEADS["rank"] in line), len(lines))
        heads, body = (lines[start], lines[start + 1 :]) if start < len(lines) else ([], [])
        body = [line for line in body if line[0] != SUMS]
        if len(body) != min(len(expected), MOST_ROWS):
            problems.append(f"{name}: {len(body)} 行，数据为 rows, the data have {len(expected)}")
        for row, line in zip(expected, body, strict=False):
            counted += 1
            problems += _line(name, row, dict(zip(heads, line, strict=False)))
    return Found(f"{counted} 行 rows", problems)


def _ranks(edition: Path, table: str, method: str | None) -> list[Row]:
    with opened(edition) as con:
        return data.rows(con, f"SELECT * FROM main.{table} WHERE method_id = $1 ORDER BY {ORDER[table]}", [method])


def _line(sheet: str, row: Row, line: dict[Any, Any]) -> Iterable[str]:
    unit = " ".join(str(row[name]) for name in ("fiscal_year", "division_key", "department_key") if name in row)
    for field, head in HEADS.items():
        says, expected = line.get(head), row[field]
        if expected is None and isinstance(says, str):
            continue
        if expected is None or not isinstance(says, float) or abs(Decimal(repr(says)) - expected) > NEAR:
            yield _differs(sheet, unit, field, expected, says)
