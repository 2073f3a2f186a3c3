"""Problems, measures and rectification: which part of a report tells them, and where one ends and the next begins."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from ingest.reading import grammar
from ingest.reading.normalise import MASK
from ingest.reading.sections import LEVELS, Paragraph, paragraphs_of

PIECE = re.compile(r"[^。；;！!？?\n]+")
SENTENCE_END = re.compile(r"[。；;！!？?]")
CLAUSE = re.compile(r"[^，,。；;:]+")
# Where a clause may turn to another kind inside its sentence.
CLAUSE_START = re.compile(r"(?<![^，,。；;！!？?])")
ENDS = "。；;！!？?，,、:"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Under a heading of its own, rectification speaks of last year: no words turn it to another kind.
RECTIFIED = ("rectification",)
# Fewer characters than this are a title or a rest, no statement.
SHORTEST = 4


@dataclass(frozen=True)
class Remark:
    """A statement's place in the normalised text. `topics`: the main one first, then all others in their order.

    `item` is the place of the numbered paragraph that it stands in. `aside`: it stands in no section of its kind.
    """

    kind: str
    start: int
    end: int
    topics: tuple[str, ...]
    rule_id: str
    item: int | None = None
    operator: str | None = None
    bound: Decimal | None = None
    aside: bool = False


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph up to the next sentence end, mark or turn. `opens` is the kind it turns to, if any."""

    start: int
    end: int
    opens: str
    marked: bool


@dataclass(frozen=True)
class Opening:
    """A turn to a kind; `after` is where its own words begin: behind the colon where there is one."""

    kind: str
    after: int


@dataclass
class Zone:
    """Where reading stands: the heading that announced the zone, the kinds it announced, and the kind now told."""

    heading: str = ""
    kinds: tuple[str, ...] = ()
    kind: str = ""
    # A line that ends in a colon outside any zone opens a list; it holds while list items follow.
    listed: bool = False


@dataclass
class Walk:
    """One pass over a text; `remarks` grows in its order."""

    text: str
    zone: Zone = field(default_factory=Zone)
    remarks: list[Remark] = field(default_factory=list)

    def read(self, paragraph: Paragraph) -> None:
        """Take up the zone of the paragraph, then its pieces."""
        self._enter(paragraph)
        numbered, start = _body_of(paragraph)
        end, known = paragraph.start + len(paragraph.text), len(self.remarks)
        inside = bool(self.zone.kind)
        if inside or _openings(self.text[start:end], inside):
            self._read_pieces(_pieces(self.text, start, end, inside), start if numbered else None)
        if not self.zone.heading:
            self.zone.listed = bool(self.zone.kind) and (self.zone.listed or paragraph.text.endswith(":"))
        if self.zone.kind in ("", "other"):
            self.remarks += _aside(self.text, paragraph, self.remarks[known:])

    def _enter(self, paragraph: Paragraph) -> None:
        heading, kinds = _announced(paragraph.section_path)
        if heading != self.zone.heading:
            self.zone = Zone(heading, kinds, kinds[0] if kinds else "")
        elif not heading and not (self.zone.listed and _is_list_item(paragraph.text)):
            self.zone = Zone()

    def _read_pieces(self, pieces: list[Piece], item: int | None) -> None:
        """Each mark and each turn begins a remark; what follows a marked one belongs to it until the next.

        A turn inside a numbered item (1.采购滞后。下一步将…) ends with the item.
        """
        current: Remark | None = None
        before, fixed = self.zone.kind, item is not None
        for piece in pieces:
            if piece.opens and self.zone.kinds != RECTIFIED:
                self.zone.kind, current, fixed = piece.opens, None, item is not None
            if piece.marked:
                current, fixed = None, True
            words = self.text[piece.start : piece.end]
            if is_private(words):
                current = None
                continue
            kind = self._kind_of(words)
            if current and current.kind == kind and (fixed or not _has_sign(kind, words)):
                current = replace(current, end=piece.end)
                self.remarks[-1] = current
            elif kind and _says_something(kind, words, fixed):
                rule = f"statement.{kind}_{'item' if fixed else 'opened' if piece.opens else 'sentence'}"
                current = Remark(kind, piece.start, piece.end, (), rule, item)
                self.remarks.append(current)
        if item is not None:
            self.zone.kind = before

    def _kind_of(self, words: str) -> str:
        """The kind now told; in a conclusion that announces problems too, the words of a sentence say which."""
        if self.zone.kind != "other":
            return self.zone.kind
        return "problem" if "problem" in self.zone.kinds and _has_sign("other", words) else ""


def remarks_of(text: str) -> list[Remark]:
    """Problems, measures and rectification of a normalised text, in order, with their topics."""
    walk = Walk(text)
    for paragraph in paragraphs_of(text):
        walk.read(paragraph)
    trimmed = (_trimmed(text, remark) for remark in sorted(walk.remarks, key=lambda one: one.start))
    return [replace(one, topics=topics_of(text[one.start : one.end])) for one in trimmed if _is_whole(text, one)]


def is_private(words: str) -> bool:
    """Whether words hold masked personal data or the label of such: no statement quotes them."""
    return MASK in words or grammar.named("statements", "contact").search(words) is not None


def topics_of(words: str) -> tuple[str, ...]:
    """The topics that words speak of, the main one first: that of the first clause that has any."""
    rows = grammar.words_of("statements", "topics")
    clauses = [match[0] for match in CLAUSE.finditer(words)]
    main = next((row.says["topic"] for row in (grammar.best(rows, clause) for clause in clauses) if row), None)
    if main is None:
        return (grammar.load("statements")["other_topic"],)
    places = {
        row.says["topic"]: min(map(words.find, filter(words.__contains__, row.words)), default=-1) for row in rows
    }
    others = sorted((place, topic) for topic, place in places.items() if place >= 0)
    return tuple(dict.fromkeys((main, *(topic for _, topic in others))))


@lru_cache(maxsize=grammar.LOOKUPS)
def _announced(section_path: str) -> tuple[str, tuple[str, ...]]:
    """The nearest heading that announces a kind, as the path down to it, with its kinds in the order of its words."""
    steps = section_path.split(" > ")
    for depth in range(len(steps), 0, -1):
        found = []
        title = _title(steps[depth - 1])
        for row in grammar.load("statements")["headings"]:
            match = grammar.pattern(row["pattern"]).search(title)
            if match:
                found.append((match.start(), row["kind"]))
        if any(kind != "other" for _, kind in found):
            return " > ".join(steps[:depth]), tuple(kind for _, kind in sorted(found))
    return "", ()


def _title(step: str) -> str:
    mark = next((found for found in (level.match(step) for level in LEVELS) if found), None)
    return step[mark.end() :] if mark else step


def _body_of(paragraph: Paragraph) -> tuple[bool, int]:
    """Whether a paragraph is a numbered item, and where its words begin: an item's title is part of it, that of a
    section is not.
    """
    title = _title(paragraph.text)
    if len(title) == len(paragraph.text):
        return False, paragraph.start
    heading = paragraph.section_path
    if heading and _announced(heading)[0] == heading:
        return False, paragraph.body_start
    return True, paragraph.start + len(paragraph.text) - len(title)


def _is_list_item(line: str) -> bool:
    return not LEVELS[0].match(line) and (any(level.match(line) for level in LEVELS[1:]) or 0 in _marks(line))


def _pieces(text: str, start: int, end: int, inside: bool) -> list[Piece]:
    """The stretches of a paragraph's body. Words that open a kind with a colon are left out, and so are marks."""
    body = text[start:end]
    openings = _openings(body, inside)
    marks = _marks(body)
    cuts = sorted({*openings, *marks})
    pieces = []
    for sentence in PIECE.finditer(body):
        within = cuts[bisect_right(cuts, sentence.start()) : bisect_left(cuts, sentence.end())]
        for begin, stop in zip([sentence.start(), *within], [*within, sentence.end()], strict=True):
            opening = openings.get(begin)
            after = opening.after if opening else begin
            marked = after in marks
            after = marks.get(after, after)
            pieces.append(Piece(start + after, start + max(after, stop), opening.kind if opening else "", marked))
    return pieces


def _openings(body: str, inside: bool) -> dict[int, Opening]:
    """Where a sentence or clause turns to a kind. Not yet `inside` such a section, only words that stand alone do so.

    A clause that goes on with the kind that its sentence has turned to is no turn, unless a colon follows.
    """
    found: dict[int, Opening] = {}
    last, told = 0, ""
    for place in CLAUSE_START.finditer(body):
        opening = _opening_at(body, place.start(), inside or bool(found))
        told = "" if SENTENCE_END.search(body, last, place.start()) else told
        last = place.start()
        if opening and (opening.kind != told or opening.after > last):
            found[last], told = opening, opening.kind
    return found


def _opening_at(body: str, place: int, inside: bool) -> Opening | None:
    for row in grammar.load("statements")["openers"]:
        match = grammar.pattern(row["pattern"]).match(body, place) if inside or row.get("alone") else None
        if match:
            return Opening(row["kind"], match.end() if match[0].endswith(":") else place)
    return None


def _marks(body: str) -> dict[int, int]:
    """Start and end of the marks of the family that comes first; other marks stand inside an item."""
    first: list[tuple[int, int]] = []
    for family in grammar.load("statements")["marks"]:
        spans = [match.span() for match in grammar.pattern(family).finditer(body)]
        if spans and (not first or spans[0] < first[0]):
            first = spans
    return dict(first)


def _has_sign(kind: str, words: str) -> bool:
    return grammar.pattern(grammar.load("statements")["signs"][kind]).search(words) is not None


def _says_something(kind: str, words: str, fixed: bool) -> bool:
    """Whether a stretch is a statement, and not 无, praise, or words that only lead to what follows."""
    data = grammar.load("statements")
    words = words.strip(ENDS)
    if any(grammar.pattern(data[no]).search(words) for no in ("nothing", "leads")):
        return False
    # In a section of problems also a sentence without a sign tells one (参保缴费标准提高，部分群众断保).
    plain = kind == "problem" and not grammar.pattern(data["praise"]).search(words)
    return fixed or plain or _has_sign(kind, words)


def _aside(text: str, paragraph: Paragraph, known: list[Remark]) -> Iterator[Remark]:
    """Statements that sentences of other sections make by their own words; `known` are the paragraph's so far."""
    if paragraph.section in ("duties", "targets"):
        return
    end = paragraph.start + len(paragraph.text)
    for match in PIECE.finditer(text, paragraph.body_start, end):
        if is_private(match[0]) or any(one.start < match.end() and match.start() < one.end for one in known):
            continue
        for row in grammar.load("statements")["anywhere"]:
            inside = paragraph.section in row.get("sections", [paragraph.section])
            if inside and grammar.pattern(row["pattern"]).search(match[0]):
                yield Remark(row["kind"], *match.span(), (), row["id"], aside=True)
                break


def _trimmed(text: str, remark: Remark) -> Remark:
    """The remark without the words that only lead to it and without the marks around it."""
    words = text[remark.start : remark.end]
    lead = grammar.named("statements", "cut").match(words)
    start = remark.start + (lead.end() if lead else 0)
    return replace(remark, start=start, end=start + len(text[start : remark.end].rstrip(ENDS)))


def _is_whole(text: str, remark: Remark) -> bool:
    return len(CHINESE.findall(text, remark.start, max(remark.start, remark.end))) >= SHORTEST
