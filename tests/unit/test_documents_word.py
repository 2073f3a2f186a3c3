"""Word files: what stands on the page is read once, in its order, with its automatic numbers and its place."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.documents import read_document
from ingest.documents.numbering import chinese
from tests.made_documents import changed, packed, with_body, word

LISTS = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3 "/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def listed(text: str, depth: int, list_id: int = 3) -> str:
    numbers = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{numbers}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def numbered(*paragraphs: str) -> list[str]:
    content = changed(with_body("".join(paragraphs)), "word/numbering.xml", lambda _: LISTS.encode())
    return read_document(content).text.splitlines()


def test_automatic_numbers_stand_in_the_text() -> None:
    lines = numbered(
        listed("基本情况", 0),
        listed("职能", 1),
        listed("人员", 1),
        listed("绩效", 0),
        listed("目标", 1),
        listed("数量", 2),
    )
    assert lines == ["一、基本情况", "（一）职能", "（二）人员", "二、绩效", "（一）目标", "2.1 数量"]


def test_a_list_that_begins_anew_counts_for_itself() -> None:
    assert numbered(listed("甲", 0), listed("乙", 0, 4), listed("丙", 0)) == ["一、甲", "五、乙", "二、丙"]


def test_a_bullet_and_an_empty_paragraph_have_no_number() -> None:
    assert numbered(listed("甲", 3), listed("", 0), listed("乙", 0)) == ["甲", "", "一、乙"]


def test_numbers_in_chinese() -> None:
    told = {number: chinese(number) for number in (1, 10, 11, 20, 21, 100, 103, 110, 1001)}
    assert list(told.values()) == ["一", "十", "十一", "二十", "二十一", "一百", "一百零三", "一百一十", "一千零一"]


def test_headings_by_style_by_outline_and_by_number() -> None:
    def write(document) -> None:
        document.add_heading("总论", 1)
        document.add_heading("分论", 2)
        outlined = document.add_paragraph("按大纲")
        outlined._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="2"/>'))
        document.add_paragraph("正文")

    document = read_document(word(write))
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [
        (1, "总论"),
        (2, "分论"),
        (3, "按大纲"),
    ]
    content = changed(
        with_body(listed("基本情况", 0) + listed("是一句话，以句号结束。", 0)),
        "word/numbering.xml",
        lambda _: LISTS.encode(),
    )
    document = read_document(content)
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "一、基本情况")]


def test_deleted_moved_and_hidden_text_is_not_read() -> None:
    deleted = "<w:del><w:r><w:delText>111</w:delText><w:t>112</w:t></w:r></w:del>"
    moved = f"<w:moveFrom>{run('113')}</w:moveFrom>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>114</w:t></w:r>"
    kept = f"<w:ins>{run('5')}</w:ins>" + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>6</w:t></w:r>'
    assert read_document(with_body(paragraph(deleted + moved + hidden + kept))).text == "56\n"


def test_the_instruction_of_a_field_is_not_read_and_its_result_is() -> None:
    field = "<w:r><w:instrText>SEQ 99</w:instrText></w:r>" + run("7")
    assert read_document(with_body(paragraph(field))).text == "7\n"


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    inside = f"<w:txbxContent>{paragraph(run('框内15'))}</w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps">{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback></mc:AlternateContent>'
    )
    body = paragraph(f"{run('前135.3')}<w:r>{both}</w:r>{run('后')}") + paragraph(run("下一段"))
    assert read_document(with_body(body)).text == "前135.3后\n框内15\n下一段\n"


def test_paragraphs_of_a_cell_are_not_run_together() -> None:
    body = row(cell(paragraph(run("15")) + paragraph(run("135.3"))), cell(paragraph(run("2"))))
    [table] = read_document(with_body(f"<w:tbl>{body}</w:tbl>")).tables
    assert [one.text for one in table.rows[0]] == ["15\n135.3", "2"]


def test_a_nested_table_is_a_table_of_its_own_after_the_outer_one() -> None:
    inner = "<w:tbl>" + row(cell(paragraph(run("1"))), cell(paragraph(run("2")))) + "</w:tbl>"
    outer = "<w:tbl>" + row(cell(paragraph(run("甲")) + inner), cell(paragraph(run("乙")))) + "</w:tbl>"
    document = read_document(with_body(outer + paragraph(run("完"))))
    assert [[one.text for one in table.rows[0]] for table in document.tables] == [["甲", "乙"], ["1", "2"]]
    assert document.text.count("1") == 1
    assert document.place_of(document.text.index("2")) == "表2第1行第2列"


def test_a_frame_around_the_whole_report_is_no_table() -> None:
    document = read_document(with_body("<w:tbl>" + row(cell(paragraph(run("正文100万元")))) + "</w:tbl>"))
    assert (document.text, document.tables) == ("正文100万元\n", ())


def test_rows_that_begin_further_inside_and_merged_cells_keep_their_columns() -> None:
    def text(words: str) -> str:
        return paragraph(run(words))

    wide, top, below = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        row(cell(text("甲"), wide), cell(text("乙"), top))
        + row(cell(text("1")), cell(text("2")), cell(text(""), below))
        + row(cell(text("3")), cell(text("4")), properties='<w:trPr><w:gridBefore w:val="1"/></w:trPr>')
    )
    [table] = read_document(with_body(f"<w:tbl>{body}</w:tbl>")).tables
    assert [[one.text for one in line] for line in table.rows] == [["甲", "甲", "乙"], ["1", "2", "乙"], ["", "3", "4"]]


def test_rows_and_cells_in_content_controls_are_read() -> None:
    inner = cell(paragraph(run("1"))) + f"<w:sdt><w:sdtContent>{cell(paragraph(run('2')))}</w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtContent><w:tbl>{row(inner)}</w:tbl></w:sdtContent></w:sdt>"
    [table] = read_document(with_body(body)).tables
    assert [one.text for one in table.rows[0]] == ["1", "2"]


def test_footnotes_come_last_and_page_headers_never() -> None:
    def write(document) -> None:
        document.add_paragraph("正文")
        document.sections[0].header.paragraphs[0].text = "第88号"

    notes = f"""<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1">{paragraph(run("—"))}</w:footnote>
    <w:footnote w:id="1">{paragraph(run("含结转3万元"))}</w:footnote></w:footnotes>"""
    document = read_document(changed(word(write), "word/footnotes.xml", lambda _: notes.encode()))
    assert document.text == "正文\n含结转3万元\n"
    assert document.place_of(4) == "脚注1"


def test_paragraphs_are_counted_as_a_person_would() -> None:
    document = read_document(with_body(paragraph(run("甲")) + paragraph("") + paragraph(run("乙"))))
    assert document.place_of(document.text.index("乙")) == "第2段"


def test_a_macro_is_noted_and_the_text_read() -> None:
    content = changed(word(lambda one: one.add_paragraph("正文")), "word/vbaProject.bin", lambda _: b"macro")
    document = read_document(content)
    assert document.text == "正文\n"
    assert [note.code for note in document.notes] == ["MACRO"]


def test_the_strict_variant_and_another_name_of_the_main_part() -> None:
    strict = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        f"{paragraph(run('正文'))}</w:body></w:document>"
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/>'
        "</Relationships>"
    )
    content = packed(**{"_rels/.rels": links.encode(), "word/document2.xml": strict.encode()})
    assert read_document(content).text == "正文\n"
