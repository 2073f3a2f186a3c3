"""PDF: the text layer by pypdfium2, ruled tables by pdfplumber, and pages that are pictures by recognition."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from ingest.documents.document import Document, DocumentError, Note
from ingest.documents.pages import (
    Block,
    Line,
    Page,
    Piece,
    RuledCell,
    RuledTable,
    document_of,
    in_cell,
    pieces_of,
    without_page_number,
)
from ingest.documents.rulings import Box, GridPlace, RuledGrid, grid_of

if TYPE_CHECKING:
    import pypdfium2

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 200
POINTS_PER_INCH = 72
# A page with so many paths may hold a ruled table; with more than the most it is a drawing.
LEAST_PATHS, MOST_PATHS = 6, 20_000
LEAST_CELLS, MOST_CELLS = 4, 3_000
EDGE_TOLERANCE = 3.0
# A page that pictures cover is a scan, unless it holds more text than the mark of a scanning program.
SCAN_COVER = 0.5
SCAN_MARK_CHARACTERS = 50
GARBAGE_SHARE = 0.3
LEAST_WRAPPED = 15
FULL_SHARE = 0.93
INVISIBLE = 3
LOOKED_AT = 50
# Characters of fonts that do not say what their glyphs mean: replacement, private use, control, Latin with accents.
GARBAGE = re.compile("[\ufffd-\uffff\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f\x80-\u024f]")
# Words that a cell spreads over its width.
SPREAD = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
WIDE = re.compile("[\u1100-\uffff]")


def read_pdf(content: bytes) -> Document:
    """The text and tables of each page in order.

    Raises `DocumentError`: encrypted, damaged, too many pages, a scan that cannot be read, or a scan where
    recognition is not installed.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as pdf:
            if len(pdf) > MAX_PAGES:
                raise DocumentError("TOO_MANY_PAGES", f"{len(pdf)} pages")
            return _Reader(content, pdf).read()
    except pypdfium2.PdfiumError as error:
        reason = "ENCRYPTED" if "password" in str(error).lower() else "UNREADABLE"
        raise DocumentError(reason, str(error)) from error


@dataclass
class _Reader:
    """Reads the pages of one file, and keeps what could not be read of it."""

    content: bytes
    pdf: pypdfium2.PdfDocument
    notes: list[Note] = field(default_factory=list)
    refusals: list[DocumentError] = field(default_factory=list)

    def read(self) -> Document:
        pages = [self._page(number) for number in range(1, len(self.pdf) + 1)]
        if not any(page.blocks for page in pages):
            raise self.refusals[0] if self.refusals else DocumentError("SCAN_WITHOUT_TEXT", "no page holds text")
        return document_of(MEDIA_TYPE, pages, self.notes)

    def _page(self, number: int) -> Page:
        page = self.pdf[number - 1]
        try:
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
            if is_scan(page, text):
                return self._scan(page, number)
            blocks: Sequence[Block] | None = _ruled(self.content, number, text) if _may_be_ruled(page) else None
            if blocks is None:
                blocks = lines_of([line.rstrip() for line in text.split("\n") if line.strip()])
            return Page(number, without_page_number(blocks))
        finally:
            page.close()

    def _scan(self, page: pypdfium2.PdfPage, number: int) -> Page:
        """A page that is a picture. One that cannot be read is noted, for other pages may hold the report."""
        from ingest.documents.images import UNREADABLE_DETAIL
        from ingest.documents.ocr import engine_version, is_unreadable, read_page

        try:
            engine_version()
            read = read_page(_rendered(page), number)
            if is_unreadable(read.blocks):
                raise DocumentError("UNREADABLE_SCAN", UNREADABLE_DETAIL)
        except DocumentError as refusal:
            self.refusals.append(refusal)
            self.notes.append(Note("PAGE_NOT_READ", f"第{number}页"))
            return Page(number, ())
        return read


def is_scan(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether the page is a picture: it has no text, or garbage, or only what a scanning program wrote over it."""
    import pypdfium2.raw

    characters = "".join(text.split())
    if not characters:
        return any(page.get_objects())
    if len(GARBAGE.findall(characters)) > GARBAGE_SHARE * len(characters):
        return True
    images = islice(page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]), LOOKED_AT)
    covered = sum(
        max(right - left, 0) * max(top - low, 0) for left, low, right, top in (one.get_bounds() for one in images)
    )
    if covered < SCAN_COVER * page.get_width() * page.get_height():
        return False
    return len(characters) < SCAN_MARK_CHARACTERS or _text_is_invisible(page)


def _text_is_invisible(page: pypdfium2.PdfPage) -> bool:
    """Text that another program recognised lies unseen behind the picture: who read it, and how well, nobody knows."""
    import pypdfium2.raw

    texts = islice(page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT]), LOOKED_AT)
    return all(pypdfium2.raw.FPDFTextObj_GetTextRenderMode(one.raw) == INVISIBLE for one in texts)


def _rendered(page: pypdfium2.PdfPage) -> Any:
    """The page as pixels, height by width by 3, red first; smaller than wished where it would be too large."""
    from ingest.documents.ocr import rules

    limits = rules()["render"]
    scale = limits["dots_per_inch"] / POINTS_PER_INCH
    longest = max(page.get_width(), page.get_height(), 1)
    bitmap = page.render(scale=min(scale, limits["longest_side"] / longest), rev_byteorder=True, prefer_bgrx=False)
    return bitmap.to_numpy()[:, :, :3].copy()


def lines_of(texts: Sequence[str]) -> list[Line]:
    """Lines of running text; a full line that breaks within a number flows into the next."""
    widest = max((_width(text) for text in texts), default=0)
    flows = [_number_goes_on(text, following, widest) for text, following in pairwise([*texts, ""])]
    return [Line((Piece(text),), goes_on) for text, goes_on in zip(texts, flows, strict=True)]


def _number_goes_on(text: str, following: str, widest: int) -> bool:
    """Rows of figures end and begin with digits too: only a full line of words without a gap counts."""
    if not (text[-1:].isdigit() and following[:1].isdigit()):
        return False
    full = len(text) >= LEAST_WRAPPED and _width(text) >= FULL_SHARE * widest
    return full and bool(WIDE.search(text)) and not re.search(r"\s", text + following)


def _width(text: str) -> int:
    return len(text) + len(WIDE.findall(text))


def _may_be_ruled(page: pypdfium2.PdfPage) -> bool:
    import pypdfium2.raw

    paths = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_PATH])
    count = sum(1 for _ in islice(paths, MOST_PATHS + 1))
    return LEAST_PATHS <= count <= MOST_PATHS


def _ruled(content: bytes, number: int, text: str) -> list[Block] | None:
    """Tables and lines of a page with rulings; None when there is no table, or when digits would be lost."""
    import pdfplumber

    # It tells of every oddity of a page; what matters is whether the digits are all there.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(content), pages=[number]) as pdf:
            characters = pdf.pages[0].chars
            tables = [table.cells for table in pdf.pages[0].find_tables()]
    except Exception:
        # pdfminer raises anything on pages that pdfium still reads: then its text stands without tables.
        return None
    blocks = _with_tables(characters, [cells for cells in tables if LEAST_CELLS <= len(cells) <= MOST_CELLS])
    told = "".join(piece.text for piece in pieces_of(blocks))
    has_table = any(isinstance(block, RuledTable) for block in blocks)
    return blocks if has_table and _digits(told) == _digits(text) else None


def _with_tables(
    characters: Sequence[dict[str, Any]], tables: Sequence[Sequence[tuple[float, float, float, float]]]
) -> list[Block]:
    """Each character goes to the cell that holds it, or else into the lines beside the tables."""
    grids = [grid_of([Box(*cell) for cell in cells], EDGE_TOLERANCE) for cells in tables]
    held: dict[tuple[int, GridPlace], list[dict[str, Any]]] = {}
    outside = []
    for character in characters:
        x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
        owner = next(((index, place) for index, grid in enumerate(grids) if (place := grid.place_at(x, y))), None)
        if owner:
            held.setdefault(owner, []).append(character)
        else:
            outside.append(character)
    placed: list[tuple[float, Block]] = [(grid.box.top, _table(index, grid, held)) for index, grid in enumerate(grids)]
    found = _lines(outside)
    lines = lines_of([line["text"].strip() for line in found])
    placed += [(line["top"], block) for line, block in zip(found, lines, strict=True)]
    return [block for _, block in sorted(placed, key=lambda one: one[0])]


def _table(index: int, grid: RuledGrid, held: dict[tuple[int, GridPlace], list[dict[str, Any]]]) -> RuledTable:
    cells = []
    for place in grid.places:
        pieces = [
            (Piece(SPREAD.sub("", line["text"].strip())), line["x1"], line["bottom"] - line["top"])
            for line in _lines(held.get((index, place), ()))
        ]
        read = in_cell(pieces, place.box.right)
        cells.append(RuledCell(place.row, place.column, place.rows, place.columns, read))
    return RuledTable(grid.row_count, grid.column_count, tuple(cells))


def _lines(characters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of these characters with their text and box, from the top."""
    from pdfplumber.utils import chars_to_textmap

    if not characters:
        return []
    found: list[dict[str, Any]] = chars_to_textmap(list(characters)).extract_text_lines(return_chars=False)
    return found


def _digits(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isdigit())
