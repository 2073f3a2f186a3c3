"""Word documents: paragraphs and tables in their order, merged cells resolved, deleted text left out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from ingest.documents.detect import ARCHIVE_ERRORS
from ingest.documents.document import Cell, Document, DocumentError, Table, TextBuilder

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(content: bytes) -> Document:
    """Paragraphs one a line, table cells separated by tabs. Raises `DocumentError` for a damaged file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser)
    except (*ARCHIVE_ERRORS, etree.XMLSyntaxError) as error:
        raise DocumentError("UNREADABLE", str(error)) from error
    builder = TextBuilder()
    body = root.find(f"{W}body")
    for number, block in enumerate(body if body is not None else (), start=1):
        if block.tag == f"{W}p":
            builder.mark(f"第{number}段")
            builder.add(_text(block) + "\n")
        elif block.tag == f"{W}tbl":
            _add_table(builder, block)
    return builder.document("application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def _text(element: etree._Element) -> str:
    return "".join(_runs(element))


def _runs(element: etree._Element) -> Iterator[str]:
    """Text of an element without tracked deletions and without the fallback copy of a drawing."""
    for child in element:
        if child.tag in (f"{W}del", FALLBACK):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag == f"{W}br":
            yield "\n"
        else:
            yield from _runs(child)


def _add_table(builder: TextBuilder, table: etree._Element) -> None:
    number = len(builder.tables) + 1
    rows: list[tuple[Cell, ...]] = []
    for row_number, row in enumerate(table.iterfind(f"{W}tr"), start=1):
        cells: list[Cell] = []
        for column in row.iterfind(f"{W}tc"):
            cells.extend(_cell(builder, column, rows, len(cells), f"表{number}第{row_number}行"))
        builder.add("\n")
        rows.append(tuple(cells))
    builder.tables.append(Table(tuple(rows)))


def _cell(
    builder: TextBuilder, column: etree._Element, rows: list[tuple[Cell, ...]], index: int, place: str
) -> list[Cell]:
    """The cell, repeated over the columns it spans; a cell merged upwards is the one above it."""
    span = column.find(f"{W}tcPr/{W}gridSpan")
    width = int(span.get(f"{W}val", "1")) if span is not None else 1
    merge = column.find(f"{W}tcPr/{W}vMerge")
    continued = merge is not None and merge.get(f"{W}val") != "restart"
    if continued and rows and index < len(rows[-1]):
        return [rows[-1][index]] * width
    builder.mark(f"{place}第{index + 1}列")
    text = "".join(_text(paragraph) for paragraph in column.iterfind(f"{W}p")).strip()
    start, end = builder.add(text)
    builder.add("\t")
    return [Cell(text, start, end)] * width
