"""What the parts of the bulletin speak of: a province's fiscal year, and whose figures may be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from publish import format, labels
from publish.bulletin.style import Style
from publish.data import Edition, Row
from publish.site.book import Book

# More names than this are counted, not all given.
MOST_NAMED = 5


@dataclass(frozen=True)
class Chart:
    """A picture as SVG, with what it shows for those who cannot see it."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Table:
    """A heading, column heads, the columns' widths (in tenths of a millimetre, together those of the text), and rows
    of text. `left` are the columns of words; the others hold figures.
    """

    heading: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    left: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Part:
    """One matter of a section: paragraphs, then tables, then short lines."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    lines: tuple[str, ...] = ()


class Subject:
    """A province's fiscal year in an edition.

    `told` are the keys of the divisions whose ranks and scores may stand in the bulletin; of no other is one said.
    """

    def __init__(self, book: Book, section: Row, style: Style) -> None:
        self.book, self.section, self.style = book, section, style
        self.edition: Edition = book.edition
        self.year: int = section["fiscal_year"]
        self.province_key: str | None = section["province_key"]
        self.leagues: list[Row] = section["leagues"]
        self.ranks: dict[str, Row] = {row["division_key"]: row for league in self.leagues for row in league["rows"]}
        self.divisions = {*self.ranks, *(row["division_key"] for row in section["unranked"])}
        self.told = frozenset(row["division_key"] for league in self.leagues for row in style.chosen(league["rows"]))
        self.left_out = len(self.ranks) - len(self.told)

    def may_tell(self, division_key: str) -> bool:
        """Whether figures of a division that is not ranked now may be told too: in a full list those of all."""
        return not self.left_out or division_key in self.told

    def name(self, division_key: str) -> str:
        """A division's name."""
        return self.edition.division_name(division_key)

    def of_year(self, found: Iterable[Row]) -> list[Row]:
        """Rows of the shown method and this year that speak of this province's divisions."""
        return [
            row
            for row in found
            if row["fiscal_year"] == self.year
            and row["division_key"] in self.divisions
            and row["method_id"] == self.edition.method_id
        ]


def league_name(code: Any) -> str:
    """县与县级市."""
    return labels.zh("league", code or "none")


def some(names: list[str], most: int = MOST_NAMED, total: int | None = None) -> str:
    """甲县、乙县, or 甲县、乙县等9个 where there are more than are named."""
    count = len(names) if total is None else total
    more = f"等{count}个" if count > min(len(names), most) else ""
    return "、".join(names[:most]) + more


def place(row: Row) -> str:
    """并列3, or 3."""
    return f"{'并列' if row.get('is_tied') else ''}{row['rank']}"


def median(subject: Subject, rows: Iterable[Row]) -> str:
    """The median score in words; untold in a partial list, where it could be the score of a unit outside."""
    from statistics import median as middle

    scores = [row["score"] for row in rows if row["score"] is not None]
    if not scores or subject.left_out:
        return ""
    return format.score(middle(scores))
