"""One form in several formats says the same."""

import io

import docx
import pytest
import xlsxwriter

from ingest.documents import read_document
from ingest.reading.claims import Claim
from ingest.reading.form import FormReader
from tests.unit.forms import ABOVE, LEFT, REFERENCE, claims_of

FORM = """
资金情况（万元） | 资金来源 | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 执行率（B/A） | 分值 | 得分
^ | 年度资金总额 | 1,100.00 | 1000 | 950.5 | 95.05% | 10 | 9.5
^ | 本年财政拨款 | 900 | 800 | 750.5 | 93.81% | / | /
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 数量指标 | 新建公路（公里） | ≥10 | 12 | 50 | 49
^ | ^ | 质量指标 | 验收合格率 | 90%以上 | 95% | 40 | 40
总分 | < | < | < | < | < | 100 | 98.5
自评等级 | 优 | < | < | < | < | < | <
"""


def rectangles(grid: str) -> list[tuple[int, int, int, int, str]]:
    """The cells of a grid: first row and column, last row and column, words."""
    rows = [[cell.strip() for cell in line.split("|")] for line in grid.strip().split("\n")]
    found = []
    for top, row in enumerate(rows):
        for left, words in enumerate(row):
            if words not in (LEFT, ABOVE):
                right = next((c for c in range(left + 1, len(row)) if row[c] != LEFT), len(row)) - 1
                bottom = next((r for r in range(top + 1, len(rows)) if rows[r][left] != ABOVE), len(rows)) - 1
                found.append((top, left, bottom, right, words))
    return found


def as_docx() -> bytes:
    document, target = docx.Document(), io.BytesIO()
    cells = rectangles(FORM)
    table = document.add_table(max(bottom for _, _, bottom, _, _ in cells) + 1, max(cell[3] for cell in cells) + 1)
    for top, left, bottom, right, words in cells:
        merged = table.cell(top, left).merge(table.cell(bottom, right))
        merged.text = words
    document.save(target)
    return target.getvalue()


def as_xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("自评表")
        for top, left, bottom, right, words in rectangles(FORM):
            if (top, left) == (bottom, right):
                sheet.write_string(top, left, words)
            else:
                sheet.merge_range(top, left, bottom, right, words)
    return target.getvalue()


def facts(claims: list[Claim]) -> list[tuple[object, ...]]:
    """What claims say, without where they stand."""
    return [(c.kind, c.role, c.subject, c.surface, c.operator, c.value, c.unit, c.value_text, c.host) for c in claims]


@pytest.mark.parametrize(("make", "place"), [(as_docx, "表1"), (as_xlsx, "工作表“自评表”")])
def test_a_form_says_the_same_in_every_format(make, place: str) -> None:  # type: ignore[no-untyped-def]
    claims = FormReader(read_document(make()), 2024, REFERENCE).read()
    assert facts(claims) == facts(claims_of(FORM))
    assert len(claims) == 21
    assert {claim.section_path.split(" > ")[0] for claim in claims} == {place}


def test_a_header_that_a_new_page_repeats_keeps_the_names_above_it() -> None:
    head = "一级指标 | 三级指标 | 分值 | 得分\n"
    claims = claims_of(head + "产出指标 | 新建公路 | 5 | 5\n" + head + " | 新改水井 | 5 | 4")
    assert claims[-1].section_path == "表1 > 产出指标 > 新改水井"


def test_rows_of_tabbed_text_are_a_form_too() -> None:
    text = "资金\t年初预算数\t全年预算数\t全年执行数\n合计\t100\t90\t80\n基本支出\t60\t50\t45\n"
    claims = FormReader(read_document(text.encode()), 2024, REFERENCE).read()
    assert [(c.subject, str(c.value)) for c in claims if c.kind == "expenditure"] == [("total", "80"), ("basic", "45")]
