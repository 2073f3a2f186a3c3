"""The bulletin as a Word file after GB/T 9704, in named styles, so that an officer edits it as any other document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from publish import format
from publish.bulletin.subject import Table
from publish.bulletin.text import Bulletin
from publish.zips import without_times

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# What GB/T 9704 asks for; these fonts are on the officers' machines and are named, not embedded.
TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT, LATIN_FONT = (
    *("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"),
    "Times New Roman",
)
RED = "C00000"
# The page less its margins, in millimetres.
TEXT_WIDTH = 156
# Beside the words of a cell, in twentieths of a point.
CELL_MARGIN = 45
WORD_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
# Word's own styles by their English names, which it shows in the reader's language (标题 1, 正文):
# (name, font, size in points, line in points, first line indented, kept with the next paragraph, centred).
STYLES = (
    ("Normal", BODY_FONT, 16, 28, True, False, False),
    ("Title", TITLE_FONT, 22, 34, False, True, True),
    ("Subtitle", BODY_FONT, 12, 24, False, False, True),
    ("Heading 1", HEAD_FONT, 16, 28, True, True, False),
    ("Heading 2", SUBHEAD_FONT, 16, 28, True, True, False),
    ("Heading 3", HEAD_FONT, 14, 26, False, True, False),
    ("List Paragraph", BODY_FONT, 14, 26, True, False, False),
    ("Signature", BODY_FONT, 16, 28, False, False, False),
    ("Table Text", BODY_FONT, 10.5, 15, False, False, False),
    ("Table Head", HEAD_FONT, 10.5, 15, False, False, False),
    ("Red Head", TITLE_FONT, 36, 50, False, True, True),
    ("Document Number", BODY_FONT, 16, 28, False, True, True),
)


def docx(text: Bulletin) -> bytes:
    """The bulletin's words and tables as a Word file; the same text gives the same bytes."""
    from docx import Document as new_document

    document = new_document()
    _styles(document)
    _page(document)
    _properties(document, text)
    _head(document, text)
    for section in text.sections:
        document.add_paragraph(section.heading, "Heading 1")
        for part in section.parts:
            document.add_paragraph(part.heading, "Heading 2")
            for words in part.paragraphs:
                document.add_paragraph(words)
            for table in part.tables:
                document.add_paragraph(table.heading, "Heading 3")
                _table(document, table)
            for line in part.lines:
                document.add_paragraph(line, "List Paragraph")
    document.add_paragraph(text.notes_heading, "Heading 1")
    for position, line in enumerate(text.notes, start=1):
        document.add_paragraph(f"{position}. {line}", "List Paragraph")
    if text.signature:
        document.add_paragraph(text.signature, "Signature")
        document.add_paragraph("　　　　年　　月　　日", "Signature")
    buffer = io.BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())


def _head(document: Document, text: Bulletin) -> None:
    """Red head and number where they are set, the title, and what the data are."""
    if text.red_head:
        document.add_paragraph(text.red_head, "Red Head")
    if text.number:
        document.add_paragraph(text.number, "Document Number")
    title = document.add_paragraph(style="Title")
    for at, line in enumerate(text.title):
        run = title.add_run(line)
        if at + 1 < len(text.title):
            run.add_break()
    document.add_paragraph(text.data_time, "Subtitle")
    if text.override:
        document.add_paragraph().add_run(text.override).bold = True
    document.add_paragraph(text.opening)


def _styles(document: Document) -> None:
    """Give every style its font, size and lines; those that Word does not have are added."""
    from docx.enum.style import WD_STYLE_TYPE

    for name, font, size, line, indented, kept, centred in STYLES:
        style: Any = (
            document.styles[name]
            if name in document.styles
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        _set_font(style, font, size)
        for border in style.element.xpath("w:pPr/w:pBdr"):
            border.getparent().remove(border)
        _set_layout(style.paragraph_format, line, 2 * size if indented else 0, kept, centred)
    document.styles["Signature"].paragraph_format.alignment = _right()
    _colour(document.styles["Red Head"], RED)


def _set_font(style: Any, font: str, size: float) -> None:
    """Word asks for the Chinese and the Latin font apart; a theme's font and colour would win over both."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = LATIN_FONT, Pt(size)
    style.font.bold = style.font.italic = False
    fonts = style.element.rPr.rFonts
    for left in [*style.element.rPr.findall(qn("w:spacing")), *style.element.rPr.findall(qn("w:kern"))]:
        style.element.rPr.remove(left)
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:eastAsia"), font)
    _colour(style, "000000")


def _colour(style: Any, colour: str) -> None:
    from docx.shared import RGBColor

    style.font.color.rgb = RGBColor.from_string(colour)


def _set_layout(layout: Any, line: float, indent: float, kept: bool, centred: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent, layout.left_indent = Pt(indent), Pt(0)
    layout.keep_with_next, layout.widow_control = kept, True
    layout.alignment = ALIGN.CENTER if centred else ALIGN.LEFT


def _right() -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    return ALIGN.RIGHT


def _page(document: Document) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], at_right=True)
    _page_number(section.even_page_footer.paragraphs[0], at_right=False)


def _page_number(paragraph: Paragraph, at_right: bool) -> None:
    """— 1 —, on the outside of the sheet."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = ALIGN.RIGHT if at_right else ALIGN.LEFT
    paragraph.paragraph_format.first_line_indent = 0
    paragraph.add_run("— ")
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _properties(document: Document, text: Bulletin) -> None:
    at = format.instant(text.as_of).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = "".join(text.title), "Jiheng 绩衡", "Jiheng 绩衡"
    properties.created = properties.modified = at
    properties.comments, properties.revision, properties.language = "", 1, "zh-CN"


def _table(document: Document, content: Table) -> None:
    """A table with its columns' widths; its head is repeated on each page, and no row is cut in two.

    A row is made once and copied: python-docx would look through the whole table for each of its cells.
    """
    from docx.shared import Mm

    table = document.add_table(rows=2 if content.rows else 1, cols=len(content.columns), style="Table Grid")
    table.autofit = False
    _narrow_margins(table)
    for column, width in zip(table.columns, content.widths, strict=True):
        column.width = Mm(TEXT_WIDTH * width / sum(content.widths))
    head, *pattern = table.rows
    _row(head, content, content.columns, "Table Head")
    _row_property(head, "w:tblHeader")
    for made in pattern:
        _row(made, content, content.rows[0], "Table Text")
        for words in content.rows[1:]:
            copied = deepcopy(made._tr)
            for text, word in zip(copied.iter(WORD_TEXT), words, strict=True):
                text.text = word
            table._tbl.append(copied)


def _narrow_margins(table: Any) -> None:
    """Less air beside the words of a cell, or figures of five digits would not stand in one line."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins: Any = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin: Any = OxmlElement(side)
        margin.set(qn("w:w"), str(CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _row(row: Any, content: Table, words: Sequence[str], style: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm

    _row_property(row, "w:cantSplit")
    for place, (cell, word) in enumerate(zip(row.cells, words, strict=True)):
        cell.width = Mm(TEXT_WIDTH * content.widths[place] / sum(content.widths))
        paragraph = cell.paragraphs[0]
        paragraph.style = style
        paragraph.add_run(word)
        paragraph.alignment = ALIGN.LEFT if place in content.left else ALIGN.RIGHT


def _row_property(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found: Any = OxmlElement(name)
    found.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(found)
