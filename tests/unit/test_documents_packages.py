"""Packages of several files, and what they may not do."""

import io
import zipfile

import pytest

from ingest.documents import DocumentError, read_document
from ingest.documents.packages import MOST_DOCUMENTS
from tests.made_documents import packed, word, workbook

REPORT = word(lambda one: one.add_paragraph("部门整体支出绩效自评报告，预算100万元"))
FORM = workbook(lambda book: book.add_worksheet("自评表").write_row(0, 0, ["预算", 100]))


def gbk_package(*names: str) -> bytes:
    """A package as Chinese programs write it: names in GBK, without a flag that says so."""
    plain = packed(**{f"n{number:02}.txt": name.encode() for number, name in enumerate(names)})
    for number, name in enumerate(names):
        raw = name.encode("gbk")
        assert len(raw) == len(f"n{number:02}.txt")
        plain = plain.replace(f"n{number:02}.txt".encode(), raw)
    return plain


def test_report_and_form_meet_in_one_document() -> None:
    document = read_document(packed(**{"2表.docx": REPORT, "1报告.xlsx": FORM}))
    assert document.media_type == "application/zip"
    [table] = document.tables
    cell = table.rows[0][1]
    assert document.text[cell.start : cell.end] == cell.text == "100"
    assert document.place_of(cell.start) == "附件《1报告.xlsx》工作表“自评表”B1单元格"
    assert document.place_of(document.text.index("绩效")) == "附件《2表.docx》第1段"


def test_names_in_gbk() -> None:
    document = read_document(gbk_package("甲.txt1", "乙.txt2"))
    assert {place.label_zh for place in document.places} >= {"附件《甲.txt1》第1行", "附件《乙.txt2》第1行"}


def test_names_in_utf8() -> None:
    document = read_document(packed(**{"甲局.txt": "正文".encode()}))
    assert document.place_of(0) == "附件《甲局.txt》第1行"


def test_a_name_is_never_a_path() -> None:
    document = read_document(packed(**{"../../etc/甲.txt": b"1", "C:\\乙.txt": b"2"}))
    assert sorted(document.place_of(i) for i in (0, 2)) == ["附件《乙.txt》第1行", "附件《甲.txt》第1行"]


def test_what_cannot_be_read_is_noted_and_the_rest_read() -> None:
    document = read_document(packed(**{"a.docx": REPORT, "b.rar": b"Rar!\x1a\x07\x00" + bytes(50)}))
    assert [(note.code, note.detail) for note in document.notes] == [
        ("MEMBER_UNREADABLE", "附件《b.rar》：UNKNOWN_FORMAT")
    ]
    assert "100万元" in document.text


def test_where_nothing_can_be_read_the_first_reason_is_given() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(packed(**{"a.bin": bytes(50), "b.docx": b"PK\x03\x04 cut"}))
    assert refusal.value.reason_code == "UNKNOWN_FORMAT"


def test_what_file_managers_leave_is_passed_over() -> None:
    names = ("__MACOSX/._a.docx", ".DS_Store", "~$a.docx", "Thumbs.db")
    document = read_document(packed(**{"a.docx": REPORT} | dict.fromkeys(names, b"\x00\x01" * 20)))
    assert document.notes == ()


def test_an_encrypted_package_is_named_as_such() -> None:
    content = bytearray(packed(**{"a.txt": b"text"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DocumentError) as refusal:
        read_document(bytes(content))
    assert refusal.value.reason_code == "ENCRYPTED"


def test_a_package_in_a_package_is_read_and_one_deeper_is_not() -> None:
    inner = packed(**{"a.txt": "正文".encode()})
    middle = packed(inner=inner)
    assert read_document(middle).text == "正文\n"
    with pytest.raises(DocumentError) as refusal:
        read_document(packed(middle=middle))
    assert refusal.value.reason_code == "TOO_LARGE"


def test_a_package_of_too_many_files() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(packed(**{f"{number}.txt": b"1" for number in range(MOST_DOCUMENTS + 1)}))
    assert refusal.value.reason_code == "TOO_LARGE"


def test_packages_that_hold_each_other_are_counted_together() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.zip", packed(**{f"{one}.txt": b"1" for one in range(20)}))
    with pytest.raises(DocumentError) as refusal:
        read_document(stream.getvalue())
    assert refusal.value.reason_code == "TOO_LARGE"


@pytest.mark.parametrize("magic", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"])
def test_other_archives_are_refused(magic: bytes) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(magic + bytes(100))
    assert refusal.value.reason_code == "UNKNOWN_FORMAT"
