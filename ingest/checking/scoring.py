"""Scores of a report: the rows of its score forms, the forms they make up, and items with full marks in sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import Case, Result, plain
from ingest.checking.interval import HALF, Interval, around, decimal_of, stated
from ingest.reading.claims import Claim

FORM, MONEY, TOTAL = "form.", "form.money.", "form.total_"
MEASURES = ("indicator", "growth", "indicator_rank")
DONE = ("actual", "forecast", "reviewed")
WHOLE = Decimal(100)
YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
AT_LEAST, AT_MOST = (">", ">="), ("<", "<=")


@cache
def words() -> dict[str, Any]:
    """Words and patterns of the rules of scores (`scoring.yaml`)."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("scoring.yaml").read_text(encoding="utf-8"))
    return loaded


def says(name: str, text: str) -> bool:
    """Whether a pattern of `scoring.yaml` is found in a text."""
    return re.search(words()[name], text) is not None


@dataclass(frozen=True)
class Row:
    """The claims of one row of a form, or of one item in a sentence."""

    claims: tuple[Claim, ...]

    def of(self, kind: str, *roles: str) -> list[Claim]:
        """The row's claims of a kind and one of these roles."""
        return [claim for claim in self.claims if claim.kind == kind and claim.role in roles]

    def points(self, role: str) -> Claim | None:
        """The row's points of a role: full, item, reviewed_item, subtotal."""
        return next((claim for claim in self.of("score", role) if claim.value is not None), None)

    @property
    def result(self) -> Claim | None:
        """The points of the row, be they an item's or a subtotal."""
        return self.points("item") or self.points("subtotal")

    def given(self, role: str) -> Decimal:
        """The points of a role that the row is known to have."""
        claim = self.points(role)
        assert claim is not None and claim.value is not None
        return claim.value

    @property
    def name(self) -> str:
        """What the row is called."""
        return self.claims[0].surface

    @property
    def path(self) -> str:
        """The names above the row and its own."""
        return self.claims[0].section_path

    @property
    def is_of_money(self) -> bool:
        """Whether the row is one of amounts, whose points are those of execution."""
        return self.claims[0].rule_ids[0].startswith(MONEY)

    @property
    def is_scored(self) -> bool:
        """Whether full marks and points are both stated."""
        return self.points("full") is not None and self.points("item") is not None

    @property
    def is_extra(self) -> bool:
        """Whether the row is one of bonus points or deductions, beside the full marks."""
        return says("bonus", self.path)

    @property
    def is_subtotal(self) -> bool:
        """Whether the row sums up those above it (小计)."""
        return says("subtotal", self.claims[0].sentence)

    @property
    def has_criterion(self) -> bool:
        """Whether a cell of the row tells by what rule its points are given."""
        return says("criterion", self.claims[0].sentence)

    @property
    def targets(self) -> list[Claim]:
        """What was meant to be done: figures or words."""
        return [claim for claim in self.claims if claim.kind in MEASURES and claim.role == "target"]

    @property
    def actuals(self) -> list[Claim]:
        """What was done: figures or words."""
        return [claim for claim in self.claims if claim.kind in MEASURES and claim.role in DONE]


@dataclass(frozen=True)
class Form:
    """The rows up to a row of totals, with the totals that it gives; rows of levels and subtotals are apart."""

    rows: tuple[Row, ...] = ()
    totals: Mapping[str, Claim] = field(default_factory=dict)

    @property
    def parents(self) -> list[Row]:
        """Rows that other rows are parts of: levels with full marks, and subtotals."""
        return [row for row in self.rows if row.points("full") and (row.is_subtotal or self.parts_of(row))]

    @property
    def items(self) -> list[Row]:
        """The rows that are part of the total and have no parts of their own."""
        scored = [row for row in self.rows if row.of("score", "full", "item") and not row.is_subtotal]
        return [row for row in scored if not self.parts_of(row)]

    def parts_of(self, parent: Row) -> list[Row]:
        """The rows that a subtotal sums up, or those right below a level: under its names and no other level's."""
        if parent.is_subtotal:
            return self._summed_by(parent)
        below = [row for row in self.rows if row.path.startswith(parent.path + " > ") and row.of("score", "full")]
        below = [row for row in below if not row.is_subtotal]
        return [row for row in below if not any(row.path.startswith(other.path + " > ") for other in below)]

    def _summed_by(self, subtotal: Row) -> list[Row]:
        """The rows right above a subtotal whose full marks make its own; none where no stretch of them does."""
        before = self.rows[: self.rows.index(subtotal)]
        items = list(takewhile(lambda row: row.is_scored and not row.is_subtotal, reversed(before)))
        starts = (items[:count] for count in range(1, len(items) + 1))
        return next((rows for rows in starts if sum(row.given("full") for row in rows) == subtotal.given("full")), [])

    @property
    def complete(self) -> list[list[Row]]:
        """The sets of items whose full marks or points make the stated total, so that no row is missing: all items,
        or those without the row of execution.
        """
        sets = [self.items, [row for row in self.items if not row.is_of_money]]
        return [rows for rows in sets if len(rows) > 1 and (self.makes(rows, "full") or self.makes(rows, "item"))]

    def makes(self, rows: Sequence[Row], role: str) -> bool:
        """Whether the points of these rows make the form's total of them."""
        total = self.totals.get("full" if role == "full" else "self")
        return total is not None and all(row.points(role) for row in rows) and adds_up(rows, role, total)


def forms_of(case: Case) -> list[Form]:
    """The score forms of a report, each up to its row of totals; rows behind the last total make a form without."""
    forms, rows = [], list[Row]()
    for row in rows_of(case):
        totals = {c.role: c for c in row.claims if c.rule_ids[0].startswith(TOTAL) and c.value is not None}
        if totals:
            forms.append(Form(_in_points(rows), totals))
            rows = []
        else:
            rows.append(row)
    return [form for form in (*forms, Form(_in_points(rows))) if form.rows or form.totals]


def rows_of(case: Case) -> list[Row]:
    """The rows of all forms of a report, in the order of the text."""
    rows = list[list[Claim]]()
    for claim in case.claims:
        if not claim.rule_ids[0].startswith(FORM):
            continue
        last = rows[-1][-1] if rows else None
        same = last is not None and (last.section_path, last.sentence) == (claim.section_path, claim.sentence)
        of_money = claim.rule_ids[0].startswith((MONEY, TOTAL))
        if same and (of_money or claim.host is not None):
            rows[-1].append(claim)
        else:
            rows.append([claim])
    return [Row(tuple(claims)) for claims in rows]


def _in_points(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows; none where their points are shared by merged cells, or are no points of their full marks (a weight
    in percent or as a ratio, points out of 100 for each row).
    """
    scores = [claim for row in rows for claim in row.of("score", "full", "item")]
    shared = max(Counter(claim.span_start for claim in scores).values(), default=0) > 1
    scored = [row for row in rows if row.is_scored]
    above = sum(row.given("item") > row.given("full") for row in scored)
    in_points = all(claim.unit == "分" for claim in scores if claim.value is not None)
    ratios = bool(scored) and all(row.given("full") <= 1 for row in scored)
    return () if shared or not in_points or ratios or 2 * above > len(scored) else tuple(rows)


def items_in_sentences(case: Case) -> list[Row]:
    """Items of a narrative with their full marks: 产出指标满分50分，得49分, or 得49分（满分50分）."""
    scores = [claim for claim in case.of_kind("score") if not claim.rule_ids[0].startswith(FORM)]
    found = list[Row]()
    taken = 0
    for one, other in pairwise(scores):
        if one.number > taken and _is_pair(one, other):
            found.append(Row((one, other)))
            taken = other.number
    return found


def _is_pair(one: Claim, other: Claim) -> bool:
    roles = (one.role, other.role)
    beside = one.sentence == other.sentence and one.section_path == other.section_path
    named = one.surface == other.surface and bool(one.surface) and min(one.value or 0, other.value or 0) >= 0
    forward = roles == ("full", "item") and other.host == one.number
    behind = roles == ("item", "full") and says("full_behind", other.quote)
    return beside and named and (forward or behind) and not says("criterion", one.sentence)


def deductions(case: Case) -> list[Claim]:
    """Points that sentences say were taken off, as negative points, without sums of others and without rules."""
    below = [claim for claim in case.of_kind("score", "item") if claim.value is not None and claim.value < 0]
    told = [c for c in below if not c.rule_ids[0].startswith(FORM)]
    return [c for c in told if not says("deducted_in_all", c.sentence) and not says("criterion", c.sentence)]


def exact_points(claim: Claim) -> Interval:
    """Points as they can be meant: a whole number is exact, others may be rounded in their last decimal."""
    reach = Fraction(claim.step) * HALF if claim.decimals else Fraction(0)
    return around(Fraction(claim.value or 0), reach)


def rounded_points(claim: Claim) -> Interval:
    """Points that come out of a formula: rounded, or cut where they have decimals."""
    return around(Fraction(claim.value or 0), Fraction(claim.step) * (1 if claim.decimals else HALF))


def sum_of(rows: Iterable[Row], role: str) -> Interval:
    """The points of a role of all rows, added."""
    return sum((exact_points(c) for row in rows if (c := row.points(role))), around(Fraction(0), Fraction(0)))


def adds_up(rows: Sequence[Row], role: str, total: Claim) -> bool:
    """Whether the points of rows make a total, which may have been rounded to fewer decimals than they have."""
    decimals = max((c.decimals for row in rows if (c := row.points(role))), default=0)
    rounded = rounded_points(total) if total.decimals < decimals else exact_points(total)
    return sum_of(rows, role).meets(rounded)


def added(rows: Sequence[Row], role: str) -> str:
    """The sum of the points of rows, for people."""
    return in_points(sum((row.given(role) for row in rows), Decimal(0)))


def in_points(value: Decimal | None) -> str:
    """Points for people."""
    return plain(value) + "分"


def same_points(one: Claim, other: Claim) -> bool:
    """Whether two points can be the same, one of them rounded to fewer decimals."""
    if one.decimals == other.decimals:
        return one.value == other.value
    return rounded_points(one).meets(rounded_points(other))


def own_totals(case: Case) -> list[Claim]:
    """The total scores that sentences of the report give the department for the year: those that speak of the whole,
    and of no other year or thing, and are more than an item's points.
    """
    items = [c.value for c in case.of_kind("score", "full") if c.value is not None and c.value < WHOLE]
    most = max([WHOLE / 2, *items])
    told = [c for c in case.of_kind("score", "self") if not c.rule_ids[0].startswith(FORM)]
    own = [c for c in told if says("overall", c.sentence) and not says("other_result", c.sentence)]
    of_year = [c for c in own if set(YEAR.findall(c.sentence)) <= {str(case.submission.fiscal_year)}]
    return [c for c in of_year if c.value is not None and c.value > most]


def own_form(case: Case) -> Form | None:
    """The department's own score form, where it is the only one with a total; None beside forms of projects."""
    forms = [form for form in forms_of(case) if "self" in form.totals]
    is_own = case.is_form or (says("own_form", case.text) and not says("of_project", case.text))
    return forms[0] if len(forms) == 1 and is_own else None


def totals_with_items(case: Case) -> Iterator[tuple[Claim, list[Row]]]:
    """Each total score with all its items: those of its form, or those told in its section, none of them missing."""
    for form in forms_of(case):
        total = form.totals.get("self")
        for rows in form.complete if total else ():
            if all(row.is_scored and not row.is_extra for row in rows) and form.makes(rows, "full") and total:
                yield total, rows
    for total in own_totals(case):
        rows = [row for row in items_in_sentences(case) if row.path == total.section_path]
        if len(rows) > 1 and sum(row.given("full") for row in rows) == WHOLE:
            yield total, rows


def rounded(value: Fraction) -> str:
    """Points that come out of a formula, with two decimals, for people."""
    return in_points(decimal_of(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def evidence(rows: Sequence[Row], *roles: str, most: int = 5) -> list[Claim]:
    """The points of these roles of the first rows."""
    return [claim for row in rows for role in roles if (claim := row.points(role))][: most * len(roles)]


@dataclass(frozen=True)
class Measured:
    """A scored row with one target and one actual in the same unit. `share` is what of its marks it has earned."""

    row: Row
    target: Claim
    actual: Claim
    direction: str

    @property
    def share(self) -> Interval:
        """The share of the marks by the usual formula, between 0 and 1: the ratio where more is better; where less
        is, all of them within the target, none at twice the target, in proportion between.
        """
        goal, done = Fraction(self.target.value_base or 0), stated(self.actual)
        if self.direction == "positive":
            share = done / around(goal, Fraction(0))
        else:
            share = Interval(*(_share_of_excess(end, goal) for end in (done.high, done.low, done.value)))
        return Interval(*(min(max(end, Fraction(0)), Fraction(1)) for end in (share.low, share.high, share.value)))

    @property
    def is_missed(self) -> bool:
        """Whether the target was missed by more than rounding can hide."""
        return self.share.high < 1

    def fits(self) -> bool:
        """Whether the points are not above the share of the full marks, rounding aside."""
        item, full = self.row.points("item"), self.row.given("full")
        assert item is not None
        return rounded_points(item).low <= self.share.high * Fraction(full)

    @property
    def right(self) -> str:
        """The points that the share of the full marks makes, with two decimals."""
        return rounded(self.share.value * Fraction(self.row.given("full")))


def _share_of_excess(done: Fraction, goal: Fraction) -> Fraction:
    if done <= goal:
        return Fraction(1)
    return 1 - (done - goal) / goal if goal else Fraction(0)


def measured_rows(case: Case) -> Iterator[Measured]:
    """The scored rows of forms whose completion can be computed, and whose cells give no rule of their own."""
    for form in forms_of(case):
        for row in form.items:
            if row.is_scored and not row.is_extra and not row.is_of_money and not row.has_criterion:
                yield from _measured(row)


def _measured(row: Row) -> Iterator[Measured]:
    if len(row.targets) != 1 or len(row.actuals) != 1:
        return
    [target], [actual] = row.targets, row.actuals
    direction = _direction(row, target)
    if direction and _is_comparable(target, actual):
        yield Measured(row, target, actual, direction)


def _is_comparable(target: Claim, actual: Claim) -> bool:
    """Two single figures of one kind, unit and period, the actual neither a bound, nor about, nor a forecast."""
    figures = all(
        c.value_base is not None and c.value_high_base is None and c.value_base >= 0 for c in (target, actual)
    )
    same = (target.kind, target.unit_base, target.period_end) == (actual.kind, actual.unit_base, actual.period_end)
    return figures and same and target.kind == "indicator" and actual.operator == "=" and actual.role == "actual"


def _direction(row: Row, target: Claim) -> str:
    """`positive` or `reverse`, as the target's sign says; without a sign only where class and name leave no doubt."""
    if target.operator in AT_MOST:
        return "reverse"
    if target.operator in AT_LEAST:
        return "positive" if target.value else ""
    if target.operator != "=" or target.value is None:
        return ""
    if target.value == 0:
        return "reverse"
    counted = target.unit_family not in ("money", "duration")
    plainly = counted and says("more_is_better", row.path) and not says("less_is_better", row.name)
    return "positive" if plainly else ""


def scored_items(case: Case) -> list[Row]:
    """All items with full marks and points, in forms and in sentences."""
    return [row for form in forms_of(case) for row in form.items if row.is_scored] + items_in_sentences(case)


def names(rows: Sequence[Row], most: int = 5) -> str:
    """The names of the first rows, for people."""
    return "、".join(row.name for row in rows[:most]) + ("等" if len(rows) > most else "")


def told_figure(claim: Claim) -> str:
    """A figure with its sign and unit, for people."""
    sign = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}.get(claim.operator, "")
    return f"{sign}{plain(claim.value)}{claim.unit}"


def too_many_points(one: Measured) -> Result:
    """The item with its target, its actual and the points that come out."""
    words = {"name": one.row.name, "target": told_figure(one.target), "actual": told_figure(one.actual)}
    claims = [one.target, one.actual, *one.row.of("score", "full", "item")]
    return Result("fail", claims, f"≤{one.right}", in_points(one.row.given("item")), words)
