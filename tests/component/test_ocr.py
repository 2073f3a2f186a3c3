"""Scans of a made-up report: every figure right under stamps, skew and compression, and doubt where doubt is due."""

import io
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.documents import Document, DocumentError
from ingest.documents import ocr as recognition
from ingest.documents.figures import figures_of
from ingest.documents.images import read_image
from ingest.documents.ocr import Engine, engine_version
from ingest.documents.pdf import read_pdf
from jiheng.settings import PROJECT_ROOT
from tests.component.scan_pages import (
    RENDERINGS,
    TABLE_ROWS,
    jpeg,
    pdf_of,
    png,
    rendered,
    report_pdf,
    scan_pdf,
)

LINE = "全年支出3104.77万元，预算执行率94.99%，其中项目支出1618.57万元。"


@pytest.fixture(scope="module", autouse=True)
def no_cache():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("JIHENG_HOME", raising=False)
        yield


@pytest.fixture(scope="module")
def original() -> Document:
    return read_pdf(report_pdf())


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    return rendered(report_pdf())


@pytest.fixture(scope="module", params=RENDERINGS)
def scan(request: pytest.FixtureRequest, pictures: list[Image.Image]) -> Document:
    """Both pages scanned one way."""
    return read_pdf(scan_pdf([RENDERINGS[request.param](page) for page in pictures]))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    return tmp_path / "archive" / "recognised"


@pytest.fixture(scope="module")
def small_page() -> Image.Image:
    """A quarter of a page, quickly read."""
    return rendered(pdf_of(f"#set page(width: 14cm, height: 6cm)\n{LINE}"))[0]


def test_every_figure_of_the_narrative_is_read_right(scan: Document, original: Document) -> None:
    assert Counter(figures_of(_narrative(scan))) == Counter(figures_of(_narrative(original)))


def test_every_cell_of_the_form_is_read_right(scan: Document) -> None:
    [table] = scan.tables
    assert [[_folded(cell.text) for cell in row] for row in table.rows] == [
        list(map(_folded, row)) for row in TABLE_ROWS
    ]


def test_a_cell_knows_its_place_on_its_page(scan: Document) -> None:
    [table] = scan.tables
    assert scan.place_of(table.rows[2][1].start) == "第2页表1第3行第2列"


def test_all_text_of_a_scan_is_marked_as_recognised(scan: Document) -> None:
    marked = "".join(scan.text[one.start : one.end] for one in scan.recognised)
    assert "".join(marked.split()) == "".join(scan.text.split())


def test_nearly_all_figures_are_confirmed_by_the_second_reading(scan: Document) -> None:
    with_figures = [one for one in scan.recognised if figures_of(scan.text[one.start : one.end])]
    agreed = [one for one in with_figures if one.agreed]
    assert len(agreed) >= 0.9 * len(with_figures)


def test_a_text_layer_is_not_marked_as_recognised(original: Document) -> None:
    assert original.recognised == ()


def test_figures_whose_strokes_are_damaged_are_not_confirmed_wrongly() -> None:
    rows = [f"{number}.{number % 89 + 10}" for number in range(3086, 9999, 331)]
    page = rendered(pdf_of("#set par(first-line-indent: 0em)\n" + "\n\n".join(rows)))[0]
    draw = ImageDraw.Draw(page)
    for across in range(160, 520, 13):
        # Scratches a few pixels wide take strokes out of every row.
        draw.line((across, 100, across + 25, 1600), fill="white", width=4)
    document = read_image(png(page))
    read = [(figures_of(document.text[one.start : one.end]), one.agreed) for one in document.recognised]
    wrong = [(figures, agreed) for figures, agreed in read if not set(figures) <= set(rows)]
    assert len(wrong) >= 3
    assert not [figures for figures, agreed in wrong if agreed]


def test_a_page_read_before_is_taken_from_the_cache(cache, small_page: Image.Image) -> None:
    first = read_image(png(small_page))
    runs = Engine.of_this_process().runs
    again = read_image(png(small_page))
    assert Engine.of_this_process().runs == runs
    assert again == first
    assert len([path for path in cache.rglob("*") if path.is_file()]) == 1


def test_the_same_page_in_another_file_is_taken_from_the_cache(cache, small_page: Image.Image) -> None:
    read_image(png(small_page))
    runs = Engine.of_this_process().runs
    other = io.BytesIO()
    small_page.save(other, "PNG", compress_level=1)
    read_image(other.getvalue())
    assert Engine.of_this_process().runs == runs


def test_a_damaged_entry_of_the_cache_is_read_again(cache, small_page: Image.Image) -> None:
    first = read_image(png(small_page))
    [entry] = list(cache.rglob("*.json"))
    entry.write_text('[{"flows": true, "pieces": [{"text": "9"}]}]')
    assert read_image(png(small_page)) == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path, monkeypatch, small_page) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path / "file"))
    assert "3104.77" in read_image(png(small_page)).text


def test_a_photograph_lying_on_its_side_is_read(small_page: Image.Image) -> None:
    lying = small_page.transpose(Image.Transpose.ROTATE_90)
    assert figures_of(read_image(jpeg(lying, 80)).text) == figures_of(LINE)


def test_a_picture_of_sixteen_bits_is_read(small_page: Image.Image) -> None:
    deep = Image.fromarray(np.asarray(small_page.convert("L")).astype(np.uint16) * 257)
    assert figures_of(read_image(png(deep)).text) == figures_of(LINE)


def test_a_line_that_breaks_within_a_number_is_joined() -> None:
    page = rendered(pdf_of("#set page(width: 12cm, height: 9cm, margin: 1cm)\n#set par(leading: 1em)\n" + _broken()))[0]
    assert figures_of(read_image(png(page)).text.replace("\n", " ")) == ("987654321", "12")


def test_a_scanned_page_among_text_pages_is_read_in_its_place(original: Document, small_page: Image.Image) -> None:
    import pypdfium2

    with (
        pypdfium2.PdfDocument(pdf_of("第一部分。年初预算20.5万元。")) as mixed,
        pypdfium2.PdfDocument(scan_pdf([small_page])) as scanned,
    ):
        mixed.import_pages(scanned)
        stream = io.BytesIO()
        mixed.save(stream)
    document = read_pdf(stream.getvalue())
    figure = document.text.index("3104.77")
    assert document.page_of(document.text.index("20.5")) == 1
    assert document.page_of(figure) == 2
    assert all(one.start >= document.pages[1] for one in document.recognised)
    assert any(one.start <= figure < one.end for one in document.recognised)


def test_unseen_text_behind_a_scan_is_not_believed(small_page: Image.Image) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    size = (small_page.width * 0.36, small_page.height * 0.36)
    canvas = Canvas(stream, pagesize=size)
    canvas.drawInlineImage(small_page, 0, 0, *size)
    hidden = canvas.beginText(20, 80)
    hidden.setFont("STSong-Light", 10)
    hidden.setTextRenderMode(3)
    hidden.textLine("全年支出8104.77万元，预算执行率54.99%，其中项目支出6618.57万元。" * 2)
    canvas.drawText(hidden)
    canvas.save()
    document = read_pdf(stream.getvalue())
    assert figures_of(document.text.replace("\n", "")) == figures_of(LINE)
    assert document.recognised


def test_a_scan_that_nobody_could_read_is_refused() -> None:
    noise = np.random.default_rng(7).normal(200, 40, (900, 700, 3)).clip(0, 255).astype(np.uint8)
    with pytest.raises(DocumentError) as refusal:
        read_pdf(scan_pdf([Image.fromarray(noise)]))
    assert refusal.value.reason_code == "UNREADABLE_SCAN"


def test_a_picture_cut_off_is_refused(small_page: Image.Image) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_image(jpeg(small_page)[:2000])
    assert refusal.value.reason_code == "UNREADABLE"


def test_a_picture_larger_than_any_page_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    with pytest.raises(DocumentError) as refusal:
        read_image(stream.getvalue())
    assert refusal.value.reason_code == "TOO_LARGE"


def test_a_scan_is_read_within_the_bounds_of_a_reading_process(tmp_path, pictures: list[Image.Image]) -> None:
    (tmp_path / "scan.pdf").write_bytes(scan_pdf(pictures[1:]))
    program = (
        "import sys; from pathlib import Path; from ingest.reader import limit_process; limit_process(120)\n"
        "from ingest.documents import read_document\n"
        "print(len(read_document(Path(sys.argv[1]).read_bytes()).tables))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "scan.pdf")]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("1", 0), done.stderr


def test_without_the_extra_a_scan_is_sent_back(monkeypatch, small_page: Image.Image) -> None:
    monkeypatch.setattr(recognition, "PACKAGES", ("a-package-that-nobody-has",))
    engine_version.cache_clear()
    try:
        for read, content in ((read_image, png(small_page)), (read_pdf, scan_pdf([small_page]))):
            with pytest.raises(DocumentError, match="not installed") as refusal:
                read(content)
            assert refusal.value.reason_code == "SCAN_WITHOUT_TEXT"
    finally:
        engine_version.cache_clear()


def _narrative(document: Document) -> str:
    end = document.tables[0].rows[0][0].start
    return document.text[:end].replace("\n", "")


def _folded(text: str) -> str:
    """Brackets of either width are the same to every reader of cells."""
    return text.replace("（", "(").replace("）", ")").replace(" ", "")


def _broken() -> str:
    """Two full lines; the break stands within the first number."""
    full = "全年巡河护河清理河道漂浮物并按月通报情况"
    return f"#set par(first-line-indent: 0em)\n{full}98765#linebreak(justify: false)4321元，另有{full}12元。"
