"""Word documents: paragraphs and tables in order, with automatic numbers, merged cells resolved, deletions left out."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.documents.containers import opened, part
from ingest.documents.document import Cell, Document, DocumentError, Table, TextBuilder
from ingest.documents.grid import MAX_CELLS
from ingest.documents.numbering import HEADING_FORMATS, VAL, Numbering, W, numbering_of, whole

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MAIN_PART = "/officeDocument"
# Deleted, moved away, kept for older programs, or only a mark: none of it is text that the sender sees.
UNSEEN = frozenset(
    {
        *(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "tblPr", "trPr", "tcPr")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
TEXT = (f"{W}t", f"{M}t")
P, TBL, TR, TC, SDT_CONTENT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "sdtContent"))
RUN, RUN_PROPERTIES, TEXT_BOX = f"{W}r", f"{W}rPr", f"{W}txbxContent"
OBJECT, PAGE_BREAK = f"{W}object", f"{W}lastRenderedPageBreak"
# Wrappers that hold blocks or rows or cells of the body as if they were not there.
WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"))
BODY_LEVEL = 9
# A numbered paragraph longer than this is a sentence, not a heading.
LONGEST_HEADING = 40
WIDEST_TABLE = 1_000
OFF = ("0", "false", "off", "none")


@dataclass(frozen=True)
class Style:
    """What a paragraph style says of its paragraphs: outline level, and list with its level."""

    outline: int | None = None
    list_id: str | None = None
    depth: int | None = None


@dataclass
class Walk:
    """One reading of a document: where it writes, and what its paragraphs refer to."""

    builder: TextBuilder
    numbering: Numbering
    styles: dict[str, Style]
    default_style: Style = Style()
    # Nested tables and text boxes that come after what they stand in.
    waiting: list[Any] = field(default_factory=list)


def read_docx(content: bytes, numbered: bool = True) -> Document:
    """Paragraphs one a line, table cells separated by tabs. Raises `DocumentError` for a damaged file.

    Without `numbered`, the automatic numbers of lists are left out.
    """
    builder = TextBuilder()
    with opened(content) as archive:
        main = main_part(archive)
        folder = posixpath.dirname(main)
        root = part(archive, main)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise DocumentError("UNREADABLE", "the document has no body")
        styles = part(archive, f"{folder}/styles.xml")
        numbering = numbering_of(part(archive, f"{folder}/numbering.xml") if numbered else None)
        walk = Walk(builder, numbering, _styles(styles))
        walk.default_style = walk.styles.get(_default_style(styles), Style())
        _add_blocks(walk, body)
        for name, label in (("footnotes", "脚注"), ("endnotes", "尾注")):
            _add_notes(walk, part(archive, f"{folder}/{name}.xml"), label)
        _note_macros(builder, archive)
    return builder.document(MEDIA_TYPE)


def main_part(archive: zipfile.ZipFile) -> str:
    """The member that holds the text: its name is free, though nearly always `word/document.xml`."""
    usual = "word/document.xml"
    if usual in archive.NameToInfo:
        return usual
    links = part(archive, "_rels/.rels")
    for link in links if links is not None else ():
        if (link.get("Type") or "").endswith(MAIN_PART):
            return (link.get("Target") or "").removeprefix("/")
    return usual


def _note_macros(builder: TextBuilder, archive: zipfile.ZipFile) -> None:
    names = archive.NameToInfo
    if any(name.endswith("vbaProject.bin") for name in names):
        builder.note("MACRO")
    if any("/embeddings/" in name for name in names):
        builder.note("EMBEDDED_OBJECT")


def _styles(root: Any) -> dict[str, Style]:
    """Paragraph styles by their id, with what they inherit."""
    raw = {one.get(f"{W}styleId"): one for one in root.iterfind(f"{W}style")} if root is not None else {}
    found: dict[str, Style] = {}
    for name in raw:
        chain: list[str] = []
        at: str | None = name
        while at is not None and at in raw and at not in chain and at not in found:
            chain.append(at)
            based = raw[at].find(f"{W}basedOn")
            at = based.get(VAL) if based is not None else None
        for link in reversed(chain):
            found[link] = _style(raw[link], found.get(at or "", Style()))
            at = link
    return found


def _style(one: Any, base: Style) -> Style:
    properties = one.find(f"{W}pPr")
    outline, list_id, depth = _properties(properties)
    if outline is None:
        named = one.find(f"{W}name")
        match = re.fullmatch(
            r"(?:heading|标题)\s*([1-9])", named.get(VAL, "") if named is not None else "", re.IGNORECASE
        )
        outline = int(match[1]) - 1 if match else None
    return Style(
        outline if outline is not None else base.outline,
        list_id if list_id is not None else base.list_id,
        depth if depth is not None else base.depth,
    )


def _default_style(root: Any) -> str:
    for one in root.iterfind(f"{W}style") if root is not None else ():
        if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
            return str(one.get(f"{W}styleId"))
    return ""


def _properties(properties: Any) -> tuple[int | None, str | None, int | None]:
    """Outline level, list and list level that paragraph properties name themselves."""
    outline = list_id = depth = None
    for child in properties if properties is not None else ():
        if child.tag == f"{W}outlineLvl":
            outline = whole(child.get(VAL), BODY_LEVEL)
        elif child.tag == f"{W}numPr":
            for one in child:
                if one.tag == f"{W}numId":
                    list_id = one.get(VAL)
                elif one.tag == f"{W}ilvl":
                    depth = whole(one.get(VAL))
    return outline, list_id, depth


def _add_blocks(walk: Walk, parent: Any) -> None:
    for block in _inside(parent, (P, TBL)):
        if block.tag == P:
            _add_paragraph(walk, block)
        else:
            _add_table(walk, block)
        _add_waiting(walk)


def _add_waiting(walk: Walk) -> None:
    """Write the text boxes and nested tables that were met, after what they stand in."""
    while walk.waiting:
        inner, walk.waiting = walk.waiting, []
        for one in inner:
            if one.tag == TBL:
                _add_table(walk, one)
            else:
                _add_blocks(walk, one)


def _inside(parent: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """Children of these names, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tags)


def _add_paragraph(walk: Walk, paragraph: Any) -> None:
    text, level = _line(walk, paragraph)
    walk.builder.add_paragraph(text, level)


def _line(walk: Walk, paragraph: Any) -> tuple[str, int]:
    """A paragraph's text with its automatic number, and its level as a heading (0 for none)."""
    parts: list[str] = []
    _collect(walk, paragraph, parts)
    text = "".join(parts)
    properties = paragraph.find(f"{W}pPr")
    outline = list_id = depth = None
    style = walk.default_style
    if properties is not None:
        outline, list_id, depth = _properties(properties)
        named = properties.find(f"{W}pStyle")
        style = walk.styles.get(named.get(VAL), style) if named is not None else style
    outline = style.outline if outline is None else outline
    list_id = style.list_id if list_id is None else list_id
    depth = min((style.depth or 0) if depth is None else depth, 8)
    # An empty paragraph of a list is counted by Word and shows its number; there is nothing to number in it.
    label = walk.numbering.label(list_id, depth) if list_id and list_id != "0" and text.strip() else ""
    level = _heading_level(walk, text, outline, list_id if label else None, depth)
    return label + text, level


def _heading_level(walk: Walk, text: str, outline: int | None, list_id: str | None, depth: int) -> int:
    if outline is not None and outline < BODY_LEVEL:
        return outline + 1
    found = walk.numbering.level(list_id, depth) if list_id else None
    if found and found.format in HEADING_FORMATS and len(text) <= LONGEST_HEADING and "。" not in text:
        return depth + 1
    return 0


def _collect(walk: Walk, element: Any, parts: list[str]) -> None:
    """Append the text of a paragraph's runs; text boxes and the like are put aside."""
    for child in element:
        tag = child.tag
        if tag in TEXT:
            parts.append(child.text or "")
        elif tag == RUN:
            properties = child.find(RUN_PROPERTIES)
            if properties is None or not _is_hidden(properties):
                _collect(walk, child, parts)
        elif tag in SIGNS:
            parts.append(SIGNS[tag])
        elif tag == TEXT_BOX:
            walk.waiting.append(child)
        elif tag not in UNSEEN and len(child):
            _collect(walk, child, parts)


def _is_hidden(properties: Any) -> bool:
    vanish = properties.find(f"{W}vanish")
    return vanish is not None and vanish.get(VAL, "1") not in OFF


def _add_table(walk: Walk, table: Any) -> None:
    rows = [_columns(row) for row in _inside(table, (TR,))]
    if len(rows) == 1 and len(rows[0]) == 1:
        # A frame around text is no table.
        _add_blocks(walk, rows[0][0][0])
        return
    builder = walk.builder
    number = len(builder.tables) + 1
    # The table takes its number before those inside it.
    builder.tables.append(Table(()))
    written: list[tuple[Cell, ...]] = []
    for row_number, columns in enumerate(rows, start=1):
        above = written[-1] if written else ()
        written.append(_row(walk, columns, above, f"表{number}第{row_number}行"))
        builder.add("\n")
    builder.tables[number - 1] = Table(_squared(written))


def _columns(row: Any) -> list[tuple[Any, int, bool]]:
    """The cells of a row, each with its width in columns and whether it goes on from the row above.

    A row that begins or ends further inside has cells of no element there.
    """
    before = after = 0
    properties = row.find(f"{W}trPr")
    for child in properties if properties is not None else ():
        if child.tag == f"{W}gridBefore":
            before = whole(child.get(VAL))
        elif child.tag == f"{W}gridAfter":
            after = whole(child.get(VAL))
    cells: list[tuple[Any, int, bool]] = [(None, before, False)] if before else []
    for column in _inside(row, (TC,)):
        width, continued = 1, False
        own = column.find(f"{W}tcPr")
        for child in own if own is not None else ():
            if child.tag == f"{W}gridSpan":
                width = max(whole(child.get(VAL), 1), 1)
            elif child.tag == f"{W}vMerge":
                continued = child.get(VAL) != "restart"
        cells.append((column, width, continued))
    return [*cells, (None, after, False)] if after else cells


def _row(walk: Walk, columns: list[tuple[Any, int, bool]], above: tuple[Cell, ...], place: str) -> tuple[Cell, ...]:
    """The row's cells; one that spans columns is repeated, one that goes on from above is the one above it."""
    builder = walk.builder
    cells: list[Cell] = []
    for column, width, continued in columns:
        index = len(cells)
        if index + width > WIDEST_TABLE:
            raise DocumentError("TOO_LARGE", f"a table of more than {WIDEST_TABLE} columns")
        if continued and index < len(above):
            cells += [above[index]] * width
            continue
        builder.mark(f"{place}第{index + 1}列")
        text = _cell_text(walk, column) if column is not None else ""
        start, end = builder.add(text)
        builder.add("\t")
        cells += [Cell(text, start, end)] * width
    return tuple(cells)


def _cell_text(walk: Walk, column: Any) -> str:
    """The lines of a cell. A table inside it waits: its figures are its own."""
    lines = []
    for block in _inside(column, (P, TBL)):
        if block.tag == P:
            lines.append(_line(walk, block)[0])
        else:
            walk.waiting.append(block)
    return "\n".join(lines).strip()


def _squared(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of equal width: shorter ones end in an empty cell."""
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise DocumentError("TOO_LARGE", f"a table of {len(rows)} rows and {width} columns")
    squared = []
    for row in rows:
        end = row[-1].end if row else 0
        squared.append(row + (Cell("", end, end),) * (width - len(row)))
    return tuple(squared)


def _add_notes(walk: Walk, root: Any, label: str) -> None:
    """Footnotes or endnotes after the text, each a line of its own; separators of the page are none."""
    number = 0
    for one in root if root is not None else ():
        if one.get(f"{W}type") not in (None, "normal"):
            continue
        number += 1
        lines = [_line(walk, paragraph)[0].strip() for paragraph in one.iter(P)]
        text = "\n".join(line for line in lines if line)
        if text:
            walk.builder.mark(f"{label}{number}")
            walk.builder.add(text + "\n")
