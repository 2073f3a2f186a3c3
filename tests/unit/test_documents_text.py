"""Plain text and web pages: encodings told from the bytes, what is shown is read, tables with their spans."""

import pytest

from ingest.documents import DocumentError, read_document

REPORT = "2024年度部门整体支出绩效自评报告\n全年预算16098.12万元，执行率92.38%。\n"
PAGE = f"<html><body><h1>自评报告</h1><p>{'预算'}100万元</p></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_text_in_each_encoding(encoding: str) -> None:
    assert read_document(REPORT.encode(encoding)).text == REPORT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_page_in_each_encoding_whatever_it_says_of_itself(encoding: str) -> None:
    page = PAGE.replace("<body>", '<meta charset="iso-8859-1"><body>')
    assert read_document(page.encode(encoding)).text == "自评报告\n预算100万元\n"


def test_a_text_of_two_encodings_is_refused_with_the_line() -> None:
    content = "第一行是一种编码\n".encode() * 3 + "第四行是另一种编码\n".encode("gbk")
    with pytest.raises(DocumentError) as refusal:
        read_document(content)
    assert refusal.value.reason_code == "UNREADABLE"
    assert "第4行" in str(refusal.value)


def test_a_text_with_one_damaged_character_is_no_gbk() -> None:
    damaged = REPORT.encode().replace("支".encode(), "支".encode()[:2])
    with pytest.raises(DocumentError) as refusal:
        read_document(damaged)
    assert refusal.value.reason_code in ("UNREADABLE", "UNKNOWN_FORMAT")


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"\x00\xff" * 300, b"MZ\x90\x00" * 99, b"\xff\xfe\x00"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_document(content)
    assert refusal.value.reason_code == "UNKNOWN_FORMAT"


def test_lines_are_places_and_form_feeds_are_pages() -> None:
    document = read_document("甲\n乙\f丙".encode())
    assert document.place_of(2) == "第2行"
    assert [document.page_of(index) for index in (0, 4)] == [1, 2]


def test_a_table_with_spans() -> None:
    page = """<table><tr><th colspan=2>指标</th><th>值</th></tr>
    <tr><td rowspan=2>产出<td>数量<td>15</tr><tr><td>质量</td><td>135.3<br>亿元</td></tr></table><p>注1</p>"""
    document = read_document(page.encode())
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [
        ["指标", "指标", "值"],
        ["产出", "数量", "15"],
        ["产出", "质量", "135.3\n亿元"],
    ]
    assert document.place_of(document.text.index("135.3")) == "表1第3行第3列"
    assert document.place_of(document.text.index("注1")) == "第1段"


def test_what_a_page_does_not_show_is_not_read() -> None:
    page = """<html><head><title>11</title><style>p{width:12px}</style></head><body><script>13</script><!-- 14 -->
    <p style="display: none">15</p><p>见<b>16</b>页</p><noscript>17</noscript></body></html>"""
    assert read_document(page.encode()).text == "见16页\n"


def test_a_table_that_only_arranges_the_page_is_read_as_text() -> None:
    page = "<table><tr><td>菜单<td><p>正文</p><table><tr><td>1<td>2</table></table>"
    document = read_document(page.encode())
    assert [[cell.text for cell in row] for table in document.tables for row in table.rows] == [["1", "2"]]
    assert document.text.splitlines()[:2] == ["菜单", "正文"]


def test_headings_of_a_page() -> None:
    document = read_document("<h2>一、概况</h2><p>文</p><h3>（一）职能</h3>".encode())
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [
        (2, "一、概况"),
        (3, "（一）职能"),
    ]


def test_a_single_file_web_page() -> None:
    content = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=D4=A4=CB=E3100</p>\r\n--b--\r\n"
    )
    assert read_document(content.encode()).text == "预算100\n"


def test_text_that_speaks_of_tags_or_magic_numbers_stays_text() -> None:
    for text in ("本文<p>不是网页", "MZ县教育局2024年", "RIFF 是一种格式", "见 %PDF-1.4 格式说明"):
        document = read_document(text.encode())
        assert (document.media_type, document.text) == ("text/plain", text)
