"""Writes the bulletin twice: a PDF to file and to print, and a Word file to edit, stamp and forward."""

from __future__ import annotations

import io
import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jiheng.files import canonical_json, write_bytes
from publish import format
from publish.bulletin_text import Bulletin, Table, compose
from publish.zips import without_times

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

PDF_NAME = "bulletin.pdf"
DOCX_NAME = "bulletin.docx"
# Archival and tagged, so that a screen reader follows it and it opens the same in twenty years.
PDF_STANDARD: Final = "a-2a"
FONT_PACKAGE = "justmytype_intl_cjk"
FONT_FOLDER = ("fonts", "ofl", "notosanssc")
FONT_FAMILY = "Noto Sans SC"
# An installation's own fonts (方正小标宋, 仿宋): JIHENG_FONTS names their folder, JIHENG_FONT the family to use.
FONTS_VARIABLE = "JIHENG_FONTS"
FAMILY_VARIABLE = "JIHENG_FONT"

# What GB/T 9704 asks for; these fonts are on the officers' machines and are named, not embedded.
TITLE_FONT, BODY_FONT, HEAD_FONT, LATIN_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"


def write(edition: Path) -> None:
    """Write `bulletin.pdf` and `bulletin.docx` of an edition. The same edition gives the same bytes.

    Raises FileNotFoundError when the font package is not installed, typst.TypstError when the layout fails.
    """
    text = compose(edition)
    write_bytes(edition / PDF_NAME, pdf(text))
    write_bytes(edition / DOCX_NAME, docx(text))


def font_folder() -> Path:
    """Where the PDF's font files are: the installation's own folder, else the font package."""
    named = os.environ.get(FONTS_VARIABLE)
    if named:
        return Path(named)
    try:
        package = resources.files(FONT_PACKAGE)
    except ModuleNotFoundError as error:
        raise FileNotFoundError(
            f"no font for the bulletin: install justmytype-intl-cjk, or set {FONTS_VARIABLE} to a folder of fonts"
        ) from error
    return Path(str(package.joinpath(*FONT_FOLDER)))


def pdf(text: Bulletin) -> bytes:
    """The bulletin as tagged PDF/A, dated by the edition's as-of time."""
    import typst

    return typst.compile(
        Path(str(resources.files("publish").joinpath("bulletin.typ"))),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={
            "bulletin": canonical_json(text.plain()),
            "font": os.environ.get(FAMILY_VARIABLE, FONT_FAMILY),
        },
        pdf_standards=[PDF_STANDARD],
        timestamp=int(format.instant(text.as_of).timestamp()),
    )


def docx(text: Bulletin) -> bytes:
    """The bulletin as a Word file in the layout of GB/T 9704."""
    from docx import Document as new_document
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    document = new_document()
    _page(document)
    _properties(document, text)
    title = _paragraph(document, text.title, TITLE_FONT, 22)
    title.alignment = ALIGN.CENTER
    _paragraph(document, text.data_time, BODY_FONT, 12).alignment = ALIGN.CENTER
    if text.override:
        _paragraph(document, text.override, HEAD_FONT, indent=True)
    _paragraph(document, text.opening, indent=True)
    for section in text.sections:
        _paragraph(document, section.heading, HEAD_FONT)
        _paragraph(document, section.paragraph, indent=True)
        for table in section.tables:
            _paragraph(document, table.heading, HEAD_FONT, 14)
            _table(document, table)
        if section.unranked:
            _paragraph(document, "未排名及原因", HEAD_FONT, 14)
        for line in section.unranked:
            _paragraph(document, line, size=14, indent=True)
    _paragraph(document, "说明", HEAD_FONT)
    for position, line in enumerate(text.notes, start=1):
        _paragraph(document, f"{position}. {line}", size=14, indent=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())


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
    _set_font(paragraph.add_run("— "), "宋体", 14)
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _set_font(paragraph.add_run(" —"), "宋体", 14)


def _properties(document: Document, text: Bulletin) -> None:
    at = format.instant(text.as_of).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = text.title, "Jiheng 绩衡", "Jiheng 绩衡"
    properties.created = properties.modified = at
    properties.comments, properties.revision = "", 1


def _paragraph(
    document: Document, text: str, font: str = BODY_FONT, size: float = 16, indent: bool = False
) -> Paragraph:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    layout.space_before = layout.space_after = Pt(0)
    layout.keep_with_next = font == HEAD_FONT and not indent
    if indent:
        layout.first_line_indent = Pt(2 * size)
    _set_font(paragraph.add_run(text), font, size)
    return paragraph


def _set_font(run: Any, font: str, size: float) -> None:
    """Word asks for the Chinese and the Latin font of a run apart."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size = LATIN_FONT, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(document: Document, content: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=1 + len(content.rows), cols=len(content.columns), style="Table Grid")
    for cells, words, font in [
        (table.rows[0].cells, content.columns, HEAD_FONT),
        *((row.cells, words, BODY_FONT) for row, words in zip(table.rows[1:], content.rows, strict=False)),
    ]:
        for cell, word in zip(cells, words, strict=True):
            _set_font(cell.paragraphs[0].add_run(word), font, 10.5)
    repeated: Any = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
