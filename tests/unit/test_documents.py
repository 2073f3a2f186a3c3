"""Formats told from their bytes, and what is refused."""

import io
from collections.abc import Iterator

import pytest
import xlsxwriter
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import DocumentError, ocr, read_document
from ingest.documents.containers import MAX_UNPACKED_BYTES
from ingest.reasons import reasons
from jiheng.settings import PROJECT_ROOT
from tests.fuzzing.seeds import SEEDS
from tests.made_documents import packed

INBOX = PROJECT_ROOT / "samples" / "province" / "inbox"
SAMPLES = [
    next(path.read_bytes() for path in sorted(INBOX.iterdir()) if path.suffix == suffix and path.stat().st_size > 1000)
    for suffix in (".docx", ".xlsx", ".pdf", ".txt")
]


def test_the_ladder_of_encodings() -> None:
    text = "部门整体支出绩效自评报告，预算100万元"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        assert read_document(text.encode(encoding)).text == text


def test_line_ends_stay_as_they_are() -> None:
    assert read_document("一\r\n二\n".encode()).text == "一\r\n二\n"


def test_a_word_file_keeps_its_order_and_resolves_merged_cells() -> None:
    word = Word()
    word.add_paragraph("标题")
    table = word.add_table(rows=3, cols=3)
    for row, words in enumerate((("一级", "二级", "值"), ("产出", "数量", "1"), ("产出", "质量", "2"))):
        for column, text in enumerate(words):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "产出"
    word.add_paragraph("结尾")
    stream = io.BytesIO()
    word.save(stream)
    document = read_document(stream.getvalue())
    [rows] = [table.rows for table in document.tables]
    assert [[cell.text for cell in row] for row in rows] == [
        ["一级", "二级", "值"],
        ["产出", "数量", "1"],
        ["产出", "质量", "2"],
    ]
    assert document.text.index("标题") < document.text.index("一级") < document.text.index("结尾")
    assert document.text[rows[1][1].start : rows[1][1].end] == "数量"
    assert document.place_of(rows[2][2].start) == "表1第3行第3列"


def test_a_workbook_is_read_cell_by_cell(tmp_path) -> None:
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("A1:B1", "部门名称")
        sheet.write("C1", "甲县教育局")
        sheet.write("C2", 99.4 + 0.00000000000001)
    document = read_document(path.read_bytes())
    [table] = document.tables
    assert [cell.text for cell in table.rows[0]] == ["部门名称", "部门名称", "甲县教育局"]
    assert table.rows[1][2].text == "99.4"
    assert document.place_of(table.rows[1][2].start) == "工作表“表一”C2单元格"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n", "EMPTY_FILE"),
        (b"\x00\x01\x02\x03" * 50, "UNKNOWN_FORMAT"),
        (b"\xff\xff\xff\xff", "UNKNOWN_FORMAT"),
        (b"PK\x03\x04 cut off", "UNREADABLE"),
        (packed(readme=b"\x00\x01" * 50), "UNKNOWN_FORMAT"),
        (packed(bomb=b"0" * (MAX_UNPACKED_BYTES + 1)), "TOO_LARGE"),
        (packed(**{"word/document.xml": b"<w:document>"}), "UNREADABLE"),
        (b"%PDF-1.7 nothing", "UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(content)
    assert refusal.value.reason_code == reason


@pytest.fixture(scope="module")
def without_recognition() -> Iterator[None]:
    """A PDF whose fonts are damaged would be taken for a scan: recognising it takes seconds and is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "PACKAGES", ("not-installed-here",))
        ocr.engine_version.cache_clear()
        yield
    ocr.engine_version.cache_clear()


@pytest.mark.usefixtures("without_recognition")
@pytest.mark.parametrize("kind", SEEDS)
@pytest.mark.parametrize("percent", [0, 1, 10, 50, 90, 99])
def test_a_file_that_was_cut_short_is_refused_or_read(kind: str, percent: int) -> None:
    """As an upload leaves it whose connection was lost."""
    content = SEEDS[kind]()
    try:
        read_document(content[: len(content) * percent // 100])
    except DocumentError as refusal:
        assert refusal.reason_code in reasons()
    else:
        assert percent and kind not in ("docx", "xlsx", "package"), "what a package has lost is told"


@pytest.mark.usefixtures("without_recognition")
@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_anything_else(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
        content = content or bytearray(b"x")
    try:
        read_document(bytes(content))
    except DocumentError as refusal:
        assert refusal.reason_code in reasons()
