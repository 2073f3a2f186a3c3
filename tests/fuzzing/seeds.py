"""What mutation begins with: one small made-up file of each format, and what a reader of figures would meet in it."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from samples.blocks import Block
from samples.write_rtf import rtf_file
from tests.made_documents import office_in, packed, word, workbook

PROSE = """部门整体支出绩效自评报告（2022年度）
一、基本情况
年初预算1,234.56万元，执行数１２００万元，执行率97.2%；其中：基本支出叁佰万元，项目支出约九百万元。
（一）产出指标。培训人数目标≥100人，实际完成120人，完成率120%。自评得分95.5分，等级为优。
"""
ROWS = (("指标名称", "年度指标值", "实际完成值", "分值", "得分"), ("培训人数", "≥100人", "120人", "10", "9.5"))
HTML = "<html><body><p>" + PROSE + "</p><table><tr><td colspan=2>得分</td><td>95.5</td></tr></table></body></html>"
SPREADSHEETML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row>'
    '<Cell ss:Index="2"><Data ss:Type="Number">95.5</Data></Cell></Row></Table></Worksheet></Workbook>'
)
MHTML = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + HTML


def _word() -> bytes:
    def write(document) -> None:
        document.add_paragraph(PROSE)
        table = document.add_table(len(ROWS), len(ROWS[0]))
        for line, row in enumerate(ROWS):
            for place, text in enumerate(row):
                table.cell(line, place).text = text

    return word(write)


def _workbook() -> bytes:
    def write(book) -> None:
        sheet = book.add_worksheet()
        for line, row in enumerate(ROWS):
            sheet.write_row(line, 0, row)
        sheet.merge_range(3, 0, 4, 2, PROSE)
        sheet.write_formula(5, 0, "=1+1", None, 2)

    return workbook(write)


def _pdf() -> bytes:
    """One page that says one figure; without a table of its objects, which readers make up for."""
    page = b"BT /F 12 Tf 20 100 Td (score 95.5) Tj ET"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj "
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF" % (len(page), page)
    )


def _saved(content: Callable[[], bytes], suffix: str, target: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="seeds-") as folder:
        return office_in(Path(folder)).save_as(content(), suffix, target)


SEEDS: dict[str, Callable[[], bytes]] = {
    "plain": PROSE.encode,
    "plain_gb18030": lambda: PROSE.encode("gb18030"),
    "plain_utf16": lambda: PROSE.encode("utf-16"),
    "html": HTML.encode,
    "mhtml": MHTML.encode,
    "spreadsheetml": SPREADSHEETML.encode,
    "docx": _word,
    "xlsx": _workbook,
    "pdf": _pdf,
    "package": lambda: packed(**{"a.txt": PROSE.encode(), "b.html": HTML.encode()}),
}
# LibreOffice writes it, in seconds; Python reads it.
OLD_WORKBOOK: dict[str, Callable[[], bytes]] = {"xls": partial(_saved, _workbook, ".xlsx", "xls")}
# LibreOffice lays these out, which starts for seconds. Fuzzed is the other reading, in Python, that it is held against.
CONVERTED: dict[str, Callable[[], bytes]] = {
    "doc": partial(_saved, _word, ".docx", "doc"),
    "rtf": lambda: rtf_file([Block("text", PROSE), Block("table", rows=ROWS)]),
}
