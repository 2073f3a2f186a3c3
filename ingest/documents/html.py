"""Web pages, and the pages that office programs save as .doc and .xls: paragraphs, headings, and tables."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.documents.document import Document, DocumentError, TextBuilder
from ingest.documents.grid import Grid, add_grid, table_labels
from ingest.documents.plain import decode, looks_binary

MEDIA_TYPE = "text/html"
UNSEEN = frozenset(
    {"script", "style", "head", "template", "noscript", "xml", "title", "iframe", "object", "svg", "select"}
)
BLOCK_NAMES = """address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"""
BLOCKS = frozenset(BLOCK_NAMES.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f]+")
WIDEST_SPAN = 1_000
MAX_NODES = 3_000_000
# The parser takes time in the square of the depth. Elements that end by themselves do not nest.
DEEPEST = 500
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
UNNESTED_NAMES = """area base body br caption col colgroup dd dt embed head hr html img input li link meta optgroup
option p param source tbody td tfoot th thead tr track wbr"""
UNNESTED = frozenset(UNNESTED_NAMES.split())


@dataclass
class Page:
    """What is being written: the line so far, and its level where a heading is open."""

    builder: TextBuilder
    line: list[str] = field(default_factory=list)
    level: int = 0

    def end_line(self) -> None:
        """Write the line, white space folded as a browser does."""
        text = folded("".join(self.line))
        self.line.clear()
        if text:
            self.builder.add_paragraph(text, self.level)


def read_html(content: bytes) -> Document:
    """The visible text of a page. The encoding is told from its bytes: what a page says of itself is often wrong."""
    text = decode(content)
    if looks_binary(text):
        raise DocumentError("UNKNOWN_FORMAT", "control characters: this is no web page")
    _refuse_deep(text)
    root = LexborHTMLParser(text).root
    page = Page(TextBuilder())
    if root is not None:
        _write(page, root)
    page.end_line()
    return page.builder.document(MEDIA_TYPE)


def read_mhtml(content: bytes) -> Document:
    """A page in a mail's shape, as office programs save "single file web pages"."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return read_html(payload)
    raise DocumentError("UNREADABLE", "a single file web page without a page")


def _refuse_deep(text: str) -> None:
    depth = 0
    for closing, name in TAG.findall(text):
        if name.lower() not in UNNESTED:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > DEEPEST:
                raise DocumentError("TOO_LARGE", f"elements nested more than {DEEPEST} deep")


def folded(text: str) -> str:
    """White space as a browser shows it; a line end that was asked for stays."""
    lines = (SPACE.sub(" ", line).strip() for line in text.split("\x1e"))
    return "\n".join(line for line in lines if line)


def _write(page: Page, root: LexborNode) -> None:
    """Walk the page without recursion: a page may be nested deeper than any stack."""
    for node, entering in walk(root, stop=_is_data_table):
        tag = node.tag or ""
        if tag == "-text":
            page.line.append(_text(node))
        elif tag == "br":
            page.line.append("\x1e")
        elif tag in BLOCKS and (entering or page.line):
            page.end_line()
        if tag in HEADINGS:
            page.level = HEADINGS[tag] if entering else 0
        if tag == "table" and entering and _is_data_table(node):
            _write_table(page.builder, node)


def walk(root: LexborNode, stop: Callable[[LexborNode], bool] | None = None) -> Iterator[tuple[LexborNode, bool]]:
    """Nodes below `root` in order, each when it is entered and, where it has children, when it is left.

    What is not shown is passed over; below a node for which `stop` holds nothing is walked.
    """
    node: LexborNode | None = root
    count = 0
    while node is not None:
        count += 1
        if count > MAX_NODES:
            raise DocumentError("TOO_LARGE", f"more than {MAX_NODES} elements")
        shown = _is_shown(node)
        if shown:
            yield node, True
        inner = node.child if shown and not (stop and stop(node)) else None
        if inner is not None:
            node = inner
            continue
        while node is not None:
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent
            if node is not None:
                yield node, False


def _is_shown(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag in UNSEEN or tag.startswith(("-comment", "!", "-doctype")):
        return False
    if tag.startswith("-"):
        return True
    style = node.attributes.get("style")
    return not (style and HIDDEN.search(style))


def _text(node: LexborNode) -> str:
    return node.text_content or ""


def _is_data_table(node: LexborNode) -> bool:
    """Whether a table holds cells and no table: one around others is a frame of the page, read as text."""
    if node.tag != "table":
        return False
    holds_table = any(inner.mem_id != node.mem_id for inner in node.css("table"))
    return not holds_table and len(node.css("td, th")) > 1


def _write_table(builder: TextBuilder, table: LexborNode) -> None:
    caption = table.css_first("caption")
    if caption is not None:
        builder.add_paragraph(folded(caption.text()))
    grid = Grid()
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(table.css("tr")):
        column = 0
        for cell in _cells(element):
            while (row, column) in taken:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if width * height > 1:
                grid.merged.append((row, column, row + height - 1, column + width - 1))
                taken.update((row + down, column + across) for down in range(height) for across in range(width))
            grid.put(row, column, _cell_text(cell))
            column += width
    add_grid(builder, grid, table_labels(len(builder.tables) + 1))


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    node = row.child
    while node is not None:
        if node.tag in ("td", "th") and _is_shown(node):
            yield node
        node = node.next


def _span(cell: LexborNode, name: str) -> int:
    stated = cell.attributes.get(name) or "1"
    return min(max(int(stated), 1), WIDEST_SPAN) if stated.isascii() and stated.isdigit() and len(stated) < 9 else 1


def _cell_text(cell: LexborNode) -> str:
    parts = []
    for node, entering in walk(cell):
        if node.tag == "-text":
            parts.append(_text(node))
        elif node.tag == "br" or (node.tag in BLOCKS and node.mem_id != cell.mem_id and (entering or parts)):
            parts.append("\x1e")
    return folded("".join(parts))
