"""Workbooks: what the sheet shows is what is read."""

from datetime import date

import pytest

from ingest.documents import read_document
from ingest.documents.numberformats import shown
from tests.made_documents import changed, workbook

EXCEL_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="自评表"><Table>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">预算</Data></Cell>
<Cell><Data ss:Type="String">率</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="Number">16098.12</Data></Cell>
<Cell ss:Index="3" ss:StyleID="s1"><Data ss:Type="Number">0.9238</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def rows_of(content: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in read_document(content).tables]


@pytest.mark.parametrize(
    ("stored", "code", "expected"),
    [
        ("0.9238", "0.00%", "92.38%"),
        ("0.92385", "0.0%", "92.4%"),
        ("1", "0%", "100%"),
        ("0.9238", "General", "0.9238"),
        ("99.40000000000001", "General", "99.4"),
        ("16098.125", "#,##0.00", "16098.13"),
        ("-3.5", "0.00_ ;-0.00", "-3.50"),
        ("-3.5", '0.0;[Red]"减"0.0', "减3.5"),
        ("-3.5", "0.0;[Red](0.0)", "(3.5)"),
        ("0", '0.00;-0.00;"-"', "-"),
        ("15", '0"个"', "15个"),
        ("92.38", '0.00"%"', "92.38%"),
        ("1234567", "0.0,", "1234.6"),
        ("3.5", "[$¥-804]0.00", "¥3.50"),
        ("0.25", "# ?/?", "0.25"),
        ("150", "[>100]0.0;0", "150"),
        ("12345678901", "0.00E+00", "12345678901"),
        ("45356", "yyyy年m月d日", "2024年3月5日"),
        ("45356", "yyyy-mm-dd", "2024-03-05"),
        ("45356.5", "yyyy/m/d h:mm", "2024-03-05 12:00"),
        ("0.5", "h:mm", "12:00"),
        ("1E+300", "yyyy-mm-dd", None),
        ("text", "0.00%", "text"),
        ("NaN", "0.00", "NaN"),
    ],
)
def test_numbers_as_shown(stored: str, code: str, expected: str | None) -> None:
    assert shown(stored, code) == (expected or format(10**300, "d"))


def test_percentages_dates_and_units_of_a_sheet() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 0.9238, book.add_format({"num_format": "0.00%"}))
        sheet.write(0, 1, 0.9238, book.add_format({"num_format": 9}))
        sheet.write(0, 2, date(2024, 3, 5), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
        sheet.write(0, 3, 135.3, book.add_format({"num_format": '0.0"亿元"'}))
        sheet.write(0, 4, 16098.12)
        sheet.write(0, 5, True)

    assert rows_of(workbook(write)) == [[["92.38%", "92%", "2024年3月5日", "135.3亿元", "16098.12", "TRUE"]]]


def test_formulas_give_their_stored_value_and_one_never_calculated_is_noted() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet("表")
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, '="甲"&"乙"', None, "甲乙")

    assert rows_of(workbook(write)) == [[["2", "甲乙"]]]
    without = changed(workbook(write), "xl/worksheets/sheet1.xml", lambda old: old.replace(b"<v>2</v>", b""))
    document = read_document(without)
    assert [(note.code, note.detail) for note in document.notes] == [("FORMULA_WITHOUT_VALUE", "工作表“表”1处")]


def test_an_error_is_an_empty_cell_whose_span_leads_to_what_it_shows() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet("表")
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write(0, 1, 5)

    document = read_document(workbook(write))
    error, five = document.tables[0].rows[0]
    assert (error.text, document.text[error.start : error.end], five.text) == ("", "#DIV/0!", "5")
    assert [(note.code, note.detail) for note in document.notes] == [("ERROR_CELL", "工作表“表”A1单元格")]


def test_what_is_hidden_is_left_out_and_noted() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet("明")
        for row in range(3):
            for column in range(3):
                sheet.write(row, column, row * 10 + column)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        hidden = book.add_worksheet("暗")
        hidden.write(0, 0, 99)
        hidden.hide()

    content = workbook(write)
    assert rows_of(content) == [[["0", "1"], ["20", "21"]]]
    assert {note.detail for note in read_document(content).notes} == {"工作表“明”", "工作表“暗”"}


def test_a_merged_cell_stands_in_all_its_places() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "部门")
        sheet.merge_range("A2:A3", "产出")
        for row, column, value in ((0, 2, "值"), (1, 1, "数量"), (1, 2, 1), (2, 1, "质量"), (2, 2, 2)):
            sheet.write(row, column, value)

    [rows] = rows_of(workbook(write))
    assert rows == [["部门", "部门", "值"], ["产出", "数量", "1"], ["产出", "质量", "2"]]


def test_far_cells_cost_no_more_than_near_ones() -> None:
    def write(book) -> None:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 2)

    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B2:XFC1048000"/></mergeCells>'
    content = changed(workbook(write), "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", merged))
    document = read_document(content)
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [["1", ""], ["", "2"]]
    assert document.place_of(document.text.index("2")) == "工作表“表”XFD1048576单元格"


def test_every_span_of_a_cell_leads_to_its_text() -> None:
    document = read_document(workbook(lambda book: book.add_worksheet().write_row(0, 0, ["甲", 1.5, "两\n行"])))
    assert [document.text[cell.start : cell.end] for cell in document.tables[0].rows[0]] == ["甲", "1.5", "两\n行"]


def test_escaped_signs_and_reading_aids_of_strings() -> None:
    shared = b"<si><t>a_x000D_b</t><rPh sb='0' eb='1'><t>99</t></rPh></si>"

    def change(old: bytes) -> bytes:
        return old.partition(b"<si>")[0] + shared + b"</sst>"

    content = workbook(lambda book: book.add_worksheet().write(0, 0, "字"))
    assert rows_of(changed(content, "xl/sharedStrings.xml", change)) == [[["ab"]]]


def test_excel_of_2003_as_xml() -> None:
    document = read_document(EXCEL_2003.encode())
    assert rows_of(EXCEL_2003.encode()) == [[["预算", "预算", "率"], ["16098.12", "", "92.38%"]]]
    assert document.place_of(document.text.index("92.38")) == "工作表“自评表”C5单元格"
