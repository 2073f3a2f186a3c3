"""Word files: the smallest package that Word takes, written part by part, with fixed dates inside the zip."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from samples.blocks import Block

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/>'
        '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE}/styles" '
        'Target="styles.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f'<w:styles xmlns:w="{NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman"/><w:lang w:eastAsia="zh-CN"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>'
    ),
}
FORMS = {
    "title": ('<w:jc w:val="center"/>', '<w:b/><w:sz w:val="36"/>'),
    "cover": ('<w:jc w:val="left"/>', ""),
    "heading": ("", '<w:b/><w:sz w:val="28"/>'),
    "text": ('<w:ind w:firstLine="480"/>', '<w:sz w:val="24"/>'),
}
BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def word_file(blocks: list[Block]) -> bytes:
    """The blocks as a .docx file; the same blocks give the same bytes."""
    body = "".join(_table(block) if block.kind == "table" else _paragraph(block) for block in blocks)
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    document = f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}{page}</w:body></w:document>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in (*PARTS.items(), ("word/document.xml", document)):
            package.writestr(_entry(name), DECLARATION + content)
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    return entry


def _paragraph(block: Block) -> str:
    paragraph, run = FORMS[block.kind]
    text = escape(block.text)
    return f'<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _table(block: Block) -> str:
    columns = "".join('<w:gridCol w:w="1800"/>' for _ in block.rows[0])
    rows = "".join(f"<w:tr>{''.join(_cell(text) for text in row)}</w:tr>" for row in block.rows)
    head = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{BORDER}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{head}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _cell(text: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="1800" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
