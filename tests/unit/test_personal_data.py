"""Personal data are found however they are written and wherever they lie, and nothing else is taken for them."""

import json
import zipfile
from pathlib import Path

import duckdb
import pytest

from expectations.personal_data import finds, scan_files, scan_tables

TELEPHONE = "13912345678"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"某县教育局{TELEPHONE}", "telephone"),
        ("电话 +86 139-1234-5678。", "telephone"),
        ("139 1234 5678", "telephone"),
        ("１３９１２３４５６７８", "telephone"),
        (f"2024,{TELEPHONE},100", "telephone"),
        (f'{{"name": "{TELEPHONE}"}}', "telephone"),
        ("请拨0755-88881234咨询", "telephone"),
        ("（0755）88881234", "telephone"),
        ("联系电话：\n8888 1234", "telephone"),
        ("身份证11010519491231002X", "identity_card"),
        ("请寄 zhang.san@example.gov.cn 收", "email"),
        ("6222 0212 3456 7894", "bank_card"),
        ("账号：6222021234567894", "bank_card"),
        ("填报人：张三", "labelled_name"),
        ("经办人:\n李四 日期", "labelled_name"),
    ],
)
def test_personal_data_are_found_and_masked(text: str, kind: str) -> None:
    found = finds(text)
    assert kind in {one for one, _ in found}
    assert not any(TELEPHONE in sample or "88881234" in sample or "张三" in sample for _, sample in found)
    assert all("*" in sample for _, sample in found)


@pytest.mark.parametrize(
    "text",
    [
        f"调整后预算{TELEPHONE}.00元",
        f"支出{TELEPHONE}元",
        "13,912,345,678",
        f"0.{TELEPHONE}",
        f"sha256 b0{TELEPHONE}e",
        f"a{TELEPHONE}-0001",
        f"{TELEPHONE}0",
        "2026-03-31T22:00:00+08:00",
        "440103-12345678",
        "服务热线：12345",
        "6222021234567894",
        "110105194912310021",
        "填报人：████",
        "填报人：见附件",
        "批准人：王处长",
        "@media (max-width: 40em)",
    ],
)
def test_amounts_keys_dates_and_public_names_are_left_alone(text: str) -> None:
    assert finds(text) == set()


def write_each_kind(edition: Path, text: str) -> set[str]:
    """The text in a file of every kind that an edition may hold; gives their names."""
    (edition / "site").mkdir(parents=True)
    (edition / "site" / "page.html").write_text(f"<td>{text}</td>", encoding="utf-8")
    (edition / "gate.json").write_text(json.dumps({"name": text}, ensure_ascii=False), encoding="utf-8")
    (edition / "table.csv").write_text(f"\ufeffname\n{text}\n", encoding="utf-8")
    (edition / "notice.bin").write_bytes(text.encode("gb18030"))
    with zipfile.ZipFile(edition / "book.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
    with zipfile.ZipFile(edition / "letter.docx", "w") as letter:
        runs = f"<w:t>{text[:6]}</w:t></w:r><w:r><w:t>{text[6:]}</w:t>"
        letter.writestr("word/document.xml", f"<w:p><w:r>{runs}</w:r></w:p>")
    with duckdb.connect(str(edition / "warehouse.duckdb")) as con:
        con.execute("create table dim_department (department_key varchar, name varchar, others varchar[])")
        con.execute("insert into dim_department values ('k', ?, [?])", [text, text])
        con.execute(f"copy dim_department to '{edition / 'dim_department.parquet'}'")
    return {path.name for path in edition.rglob("*") if path.is_file()}


def test_a_telephone_number_in_a_name_is_found_in_every_file(tmp_path: Path) -> None:
    written = write_each_kind(tmp_path / "edition", f"某县教育局{TELEPHONE}")
    [telephone] = [one for one in scan_files(tmp_path / "edition") if one.expectation.id == "P11"]
    assert telephone.decision == "hold" and not telephone.expectation.waivable and telephone.checked == len(written)
    assert {name for name in written if any(name in key for key in telephone.keys)} == written
    assert not any(TELEPHONE in key for key in telephone.keys)
    [table] = [one for one in scan_tables(tmp_path / "edition" / "warehouse.duckdb") if one.expectation.id == "P01"]
    assert [key.partition(":")[0] for key in table.keys] == ["dim_department.name", "dim_department.others"]


def test_a_pdf_is_read(tmp_path: Path) -> None:
    page = b"BT /F1 12 Tf 72 720 Td (Tel 13912345678) Tj ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        font,
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    (tmp_path / "bulletin.pdf").write_bytes(b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n")
    assert [one.expectation.id for one in scan_files(tmp_path) if one.failed] == ["P11"]


def test_a_find_across_two_pieces_of_a_large_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expectations.personal_data.PIECE", 100)
    monkeypatch.setattr("expectations.personal_data.OVERLAP", 40)
    for at in range(80, 110):
        (tmp_path / f"{at}.csv").write_text("x" * at + f" {TELEPHONE} " + "y" * 200)
    [telephone] = [one for one in scan_files(tmp_path) if one.expectation.id == "P11"]
    assert telephone.failed == 30


def test_numbers_of_a_workbook_are_amounts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<row><c><v>{TELEPHONE}</v></c></row>")
    assert not any(one.failed for one in scan_files(tmp_path))
