"""PDF with a text layer: its tables, its pages, what is refused, and which pages are pictures."""

import io

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.documents import Document, DocumentError
from ingest.documents.pdf import MAX_PAGES, is_scan, read_pdf
from tests.component.scan_pages import TABLE_ROWS, form_source, pdf_of, report_pdf

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


@pytest.fixture(scope="module")
def report() -> Document:
    return read_pdf(report_pdf())


def canvas_pdf(draw, **options) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, **options)
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def cells_of(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables]


def test_a_ruled_table_is_read_with_its_merged_cells(report: Document) -> None:
    assert cells_of(report) == [[list(row) for row in TABLE_ROWS]]


def test_every_cell_leads_to_its_text_and_its_place(report: Document) -> None:
    [table] = report.tables
    cell = table.rows[2][1]
    assert report.text[cell.start : cell.end] == cell.text == "水库除险加固（座）"
    assert report.place_of(cell.start) == "第2页表1第3行第2列"


def test_a_merged_cell_is_one_cell(report: Document) -> None:
    [table] = report.tables
    assert table.rows[1][0] is table.rows[4][0]


def test_the_text_of_a_table_stands_once(report: Document) -> None:
    assert report.text.count("1,650.00") == 1
    assert report.text.count("水库除险加固（座）") == 1


def test_pages_and_lines_are_named(report: Document) -> None:
    figure = report.text.index("1,046.32")
    assert report.page_of(figure) == 1
    assert report.place_of(figure).startswith("第1页第")


def test_page_numbers_are_no_text(report: Document) -> None:
    assert "—" not in report.text


def test_a_table_that_a_page_break_cut_is_one_table() -> None:
    document = read_pdf(pdf_of("#v(19cm)\n" + form_source()))
    assert len(document.pages) == 2
    [table] = document.tables
    # The cut merged cell is drawn on both pages, with its text on the first only.
    assert [[cell.text for cell in row[1:]] for row in table.rows] == [list(row[1:]) for row in TABLE_ROWS]
    assert document.place_of(table.rows[-1][1].start).startswith("第2页表1第")


def test_a_repeated_header_continues_its_table() -> None:
    header = "table.header(" + ", ".join(f"[{text}]" for text in TABLE_ROWS[0]) + ")"
    rows = ", ".join(f"[{text}]" for row in TABLE_ROWS[1:] for text in row)
    document = read_pdf(pdf_of(f"#v(19cm)\n#table(columns: 6, inset: 7pt, {header}, {rows})"))
    [rows_read] = cells_of(document)
    assert rows_read.count(list(TABLE_ROWS[0])) == 2
    assert [row for row in rows_read if row != list(TABLE_ROWS[0])] == [list(row) for row in TABLE_ROWS[1:]]


def test_two_tables_with_text_between_them_stay_two() -> None:
    tables = (
        "#table(columns: 2, [项目], [金额], [甲], [1])\n全年情况如下。\n#table(columns: 2, [项目], [金额], [乙], [2])"
    )
    assert cells_of(read_pdf(pdf_of(tables))) == [[["项目", "金额"], ["甲", "1"]], [["项目", "金额"], ["乙", "2"]]]


def test_figures_on_two_lines_of_a_cell_are_not_glued() -> None:
    document = read_pdf(pdf_of("#table(columns: (4cm, 4cm), [金额], [比例], [135.3 \\ 140.8], [15])"))
    [[_, [cell, _]]] = cells_of(document)
    assert cell.split() == ["135.3", "140.8"]


def test_columns_without_rulings_are_a_table() -> None:
    rows = (("项目", "预算数", "决算数"), ("合计", "120.5", "118.2"), ("基本支出", "80.5", "79.9"))

    def draw(canvas: Canvas) -> None:
        for down, row in enumerate(rows):
            for across, text in enumerate(row):
                canvas.drawString(80 + 120 * across, 700 - 24 * down, text)

    assert cells_of(read_pdf(canvas_pdf(draw))) == [[list(row) for row in rows]]


def test_a_number_that_a_line_end_cut_is_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "全年部门整体支出严格按照批复的预算执行合计为98765")
        canvas.drawString(60, 680, "4321元，其余按规定上缴财政。")

    assert "987654321元" in read_pdf(canvas_pdf(draw)).text


def test_rows_of_figures_are_not_run_together() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "部门整体支出预算执行情况合计数 3268.45 3104")
        canvas.drawString(60, 680, "2023年部门整体支出预算执行情况 1486.20 1618")

    assert "3104\n2023年" in read_pdf(canvas_pdf(draw)).text


def test_a_password_to_open_is_refused_and_one_to_change_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "全年支出3104.77万元。")

    with pytest.raises(DocumentError) as refusal:
        read_pdf(canvas_pdf(draw, encrypt=StandardEncryption("open", "change")))
    assert refusal.value.reason_code == "ENCRYPTED"
    assert "3104.77" in read_pdf(canvas_pdf(draw, encrypt=StandardEncryption("", "change"))).text


def test_too_many_pages_are_refused() -> None:
    pdf = pypdfium2.PdfDocument.new()
    for _ in range(MAX_PAGES + 1):
        pdf.new_page(100, 100)
    stream = io.BytesIO()
    pdf.save(stream)
    with pytest.raises(DocumentError) as refusal:
        read_pdf(stream.getvalue())
    assert refusal.value.reason_code == "TOO_MANY_PAGES"


def test_a_document_of_empty_pages_is_refused() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_pdf(canvas_pdf(lambda canvas: canvas.showPage()))
    assert refusal.value.reason_code == "SCAN_WITHOUT_TEXT"


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("全年支出3104.77万元，其余按规定上缴财政。", False),
        ("\ue001\ue002\ue003支出\ue004\ue005\ue006", True),
        ("\ufffd\ufffd\ufffd\ufffd3104", True),
        ("È«ÄêÖ§³öÍòÔª", True),
        ("\uf0b7 全年支出3104.77万元", False),
    ],
)
def test_a_text_layer_of_garbage_is_no_text(text: str, scan: bool) -> None:
    with pypdfium2.PdfDocument(report_pdf()) as pdf:
        assert is_scan(pdf[0], text) is scan


def test_drawings_that_only_hold_lines_cost_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "全年支出3104.77万元。")
        for step in range(40):
            canvas.line(60, 300 + step * 5, 500, 310 + step * 7)

    document = read_pdf(canvas_pdf(draw))
    assert document.tables == ()
    assert "3104.77" in document.text
