"""Old formats, saved by a real LibreOffice from real files: read through it, and never with numbers run together."""

import random
import shutil
import subprocess
from collections.abc import Callable

import pytest

from ingest.documents import DocumentError, read_document
from ingest.documents.office import converted
from ingest.documents.second_reading import antiword_text, same_numbers
from ingest.documents.word_stream import stream_text
from tests.fuzzing.mutation import mutated
from tests.fuzzing.seeds import CONVERTED, OLD_WORKBOOK
from tests.fuzzing.targets import TARGETS
from tests.made_documents import Office, changed, office_in, patched_stream, records, word, workbook


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_in(tmp_path_factory.mktemp("office"))


def report(last_paragraph: bool = True) -> bytes:
    """A report with a form of 11 x 8 whose cells hold a figure each; with merged cells, as forms have them."""

    def write(document) -> None:
        document.add_heading("部门整体支出绩效自评报告", 1)
        document.add_paragraph("全年预算16098.12万元，执行率92.38%。")
        document.add_paragraph("基本情况", style="List Number")
        table = document.add_table(rows=11, cols=8)
        for row in range(11):
            for column in range(8):
                table.cell(row, column).text = f"{100 + row * 8 + column}.{row}"
        table.cell(3, 0).merge(table.cell(4, 0))
        if last_paragraph:
            document.add_paragraph("完")

    return word(write)


def write_form(book) -> None:
    sheet = book.add_worksheet("自评表")
    sheet.merge_range("A1:C1", "部门整体支出绩效自评表")
    sheet.write_row(1, 0, ["预算", 16098.12])
    sheet.write(1, 2, 0.9238, book.add_format({"num_format": "0.00%"}))


FORM = workbook(write_form)


@pytest.fixture(scope="module")
def old_word(office: Office) -> bytes:
    return office.save_as(report(), ".docx", "doc")


@pytest.fixture(scope="module")
def glued_word(office: Office) -> bytes:
    """The trap: a table at the very end of a .doc that LibreOffice wrote comes back from it as one paragraph."""
    return office.save_as(report(last_paragraph=False), ".docx", "doc")


@pytest.fixture(scope="module")
def old_workbook(office: Office) -> bytes:
    return office.save_as(FORM, ".xlsx", "xls")


@pytest.mark.parametrize(("target", "media_type"), [("odt", "vnd.oasis.opendocument.text"), ("rtf", "rtf")])
def test_open_document_and_rich_text(office: Office, target: str, media_type: str) -> None:
    document = read_document(office.save_as(report(), ".docx", target))
    assert document.media_type == f"application/{media_type}"
    assert same_numbers(document.text, read_document(report()).text)
    assert [len(table.rows) for table in document.tables] == [11]
    assert "ONE_READING" not in [note.code for note in document.notes]


def test_an_old_word_file(old_word: bytes) -> None:
    document = read_document(old_word)
    assert document.media_type == "application/msword"
    assert same_numbers(document.text, read_document(report()).text)
    assert document.place_of(document.text.index("187.10")) == "表1第11行第8列"
    assert [document.text[h.start : h.end] for h in document.headings] == ["部门整体支出绩效自评报告"]


def test_cells_run_together_are_found_and_the_file_sent_back(glued_word: bytes) -> None:
    glued = read_document(converted(glued_word, ".doc", "docx"))
    assert "100.0101.0" in glued.text
    with pytest.raises(DocumentError) as refusal:
        read_document(glued_word)
    assert refusal.value.reason_code == "CONVERSIONS_DIFFER"
    assert "100.0101" in str(refusal.value)


def test_the_stream_of_an_old_word_file_keeps_every_cell_apart(glued_word: bytes, old_word: bytes) -> None:
    for content in (glued_word, old_word):
        text = stream_text(content) or ""
        assert same_numbers(text, read_document(report()).text.replace("1.基本情况", ""))


def test_antiword_leaves_out_rows_of_merged_cells_and_the_stream_decides(office: Office) -> None:
    def write(document) -> None:
        table = document.add_table(rows=11, cols=8)
        for row in range(11):
            for column in range(8):
                table.cell(row, column).text = f"{100 + row * 8 + column}.{row}"
        table.cell(9, 0).merge(table.cell(10, 1))
        document.add_paragraph("完")

    content = office.save_as(word(write), ".docx", "doc")
    document = read_document(content)
    assert not same_numbers(document.text, antiword_text(content) or "")
    assert same_numbers(document.text, stream_text(content) or "")


def test_an_encrypted_old_word_file(old_word: bytes) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(patched_stream(old_word, "WordDocument", 0x0B, b"\x13"))
    assert refusal.value.reason_code == "ENCRYPTED"


def test_an_old_workbook(old_workbook: bytes) -> None:
    document = read_document(old_workbook)
    [table] = document.tables
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["部门整体支出绩效自评表"] * 3,
        ["预算", "16098.12", "92.38%"],
    ]
    assert document.place_of(table.rows[1][2].start) == "工作表“自评表”C2单元格"


def test_an_old_workbook_that_xlrd_cannot_read_is_read_by_calamine(old_workbook: bytes) -> None:
    # A number format (record 0x41E) that says to be longer than it is makes xlrd give up.
    at = next(at for at, kind, _ in records(old_workbook) if kind == 0x041E)
    document = read_document(patched_stream(old_workbook, "Workbook", at + 4 + 4, b"\xff\xff"))
    assert [note.code for note in document.notes] == ["NUMBER_FORMATS_UNKNOWN"]
    assert [cell.text for cell in document.tables[0].rows[1]] == ["预算", "16098.12", "0.9238"]


def test_a_damaged_old_workbook_is_refused_or_read_and_never_anything_else(old_workbook: bytes) -> None:
    refused = set()
    for seed in range(200):
        chance = random.Random(seed)
        book = bytearray(old_workbook)
        for _ in range(4):
            at = chance.randrange(512, len(book))
            book[at : at + 4] = chance.randbytes(4)
        try:
            read_document(bytes(book))
        except DocumentError as refusal:
            refused.add(refusal.reason_code)
    assert "UNREADABLE" in refused
    assert refused <= {"UNREADABLE", "TOO_LARGE", "ENCRYPTED", "UNKNOWN_FORMAT"}


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("target", "seeds"), [("document", OLD_WORKBOOK), ("other_reading", CONVERTED)])
def test_a_mutated_old_file_breaks_no_promise(target: str, seeds: dict[str, Callable[[], bytes]]) -> None:
    for seed in (make() for make in seeds.values()):
        for number in range(500):
            TARGETS[target](mutated(seed, random.Random(number)))


def test_an_encrypted_old_workbook(old_workbook: bytes) -> None:
    at = next(at for at, kind, _ in records(old_workbook) if kind == 0x0042)
    with pytest.raises(DocumentError) as refusal:
        read_document(patched_stream(old_workbook, "Workbook", at, b"\x2f\x00"))
    assert refusal.value.reason_code == "ENCRYPTED"


def test_far_cells_of_an_old_workbook(office: Office) -> None:
    def write(book) -> None:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, 1)
        sheet.write(65_535, 255, 2)

    document = read_document(office.save_as(workbook(write), ".xlsx", "xls"))
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [["1", ""], ["", "2"]]


def test_a_workbook_saved_as_a_web_page_under_an_excel_name(office: Office) -> None:
    document = read_document(office.save_as(FORM, ".xlsx", "html"))
    assert document.media_type == "text/html"
    assert [cell.text for cell in document.tables[0].rows[1]] == ["预算", "16098.12", "92.38%"]


def test_an_open_document_workbook(office: Office) -> None:
    document = read_document(office.save_as(FORM, ".xlsx", "ods"))
    assert [cell.text for cell in document.tables[0].rows[1]] == ["预算", "16098.12", "92.38%"]


def test_an_encrypted_open_document(office: Office) -> None:
    plain = office.save_as(report(), ".docx", "odt")
    mark = b"<manifest:encryption-data/></manifest:manifest>"
    content = changed(plain, "META-INF/manifest.xml", lambda old: old.replace(b"</manifest:manifest>", mark))
    with pytest.raises(DocumentError) as refusal:
        read_document(content)
    assert refusal.value.reason_code == "ENCRYPTED"


def test_a_damaged_old_file_is_unreadable(old_word: bytes) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(old_word[: len(old_word) // 2])
    assert refusal.value.reason_code in ("UNREADABLE", "CONVERSIONS_DIFFER", "UNKNOWN_FORMAT")


def test_a_missing_converter_is_not_the_senders_matter(old_word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which
    for missing in ("soffice", "antiword"):
        monkeypatch.setattr(shutil, "which", lambda name, gone=missing: None if name == gone else real(name))
        with pytest.raises(DocumentError) as refusal:
            read_document(old_word)
        assert refusal.value.reason_code == "CONVERTER_MISSING"


def test_no_program_outlives_a_conversion(old_word: bytes) -> None:
    read_document(old_word)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "source.doc" not in running


def test_word_of_2003_as_xml_is_read_and_noted_as_read_once(office: Office) -> None:
    document = read_document(office.save_as(report(), ".docx", "xml:MS Word 2003 XML"))
    assert document.media_type == "application/msword+xml"
    assert [note.code for note in document.notes] == ["ONE_READING"]
    assert [len(table.rows) for table in document.tables] == [11]
