"""Wholes and their parts: sums, subsets, what is left of a whole, lists behind their count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, takewhile

from ingest.checking.case import Case
from ingest.checking.interval import stated
from ingest.checking.money_identities import total_of
from ingest.checking.observation import Observation, difference, figure, in_unit_of, observed, pattern, settings
from ingest.checking.pairing import alike, before_in_sentence, breakdowns, same_sentence
from ingest.reading.claims import Claim

# Characters behind a count in which its list is looked for.
FARTHEST = 600
CHINESE_BRACKETS = str.maketrans("（）：", "():")


def observe(case: Case) -> Iterator[Observation]:
    """Sums of parts, subsets, remainders and counted lists."""
    yield from _sums(case)
    yield from _subsets(case)
    yield from _remainders(case)
    yield from _lists(case)


def _sums(case: Case) -> Iterator[Observation]:
    """A whole and the parts that its sentence names. A forecast of the year also holds what was reached before."""
    for whole, parts in breakdowns(case.claims):
        reached = _reached_before(case, whole) if whole.role == "forecast" else []
        if len(parts) > 1:
            yield _sum(whole, [*reached, *parts])


def _reached_before(case: Case, whole: Claim) -> list[Claim]:
    """The actual of a part of the year that a forecast of the whole year builds on."""
    return [
        claim
        for claim in case.of_kind("indicator", "actual")
        if whole.subject
        and (claim.subject, claim.unit_base) == (whole.subject, whole.unit_base)
        and claim.period_end
        and whole.period_end
        and claim.period_end < whole.period_end
        and claim.period_end.year == whole.period_end.year
        and claim.number < whole.number
    ][-1:]


def _sum(whole: Claim, parts: Sequence[Claim]) -> Observation:
    """Parts that add up to more than the whole fail. They need not name all of it: what is left is told, even where
    rounding could explain it.
    """
    said, added = stated(whole), total_of(parts)
    in_unit = in_unit_of(whole, said), in_unit_of(whole, added)
    verdict = "holds" if in_unit[0] == in_unit[1] else difference("residual", whole, *in_unit)
    verdict = "fails" if added.low > said.high else verdict
    return observed("sum", verdict, (whole, *parts), whole.value, in_unit[1], "+".join(map(figure, parts)))


def _subsets(case: Case) -> Iterator[Observation]:
    """A figure that its words make a part of, or the larger ones of, the figure before it is no larger."""
    figures = [c for c in case.of_kind("indicator", "actual") if c.value is not None and c.value_high is None]
    figures = [claim for claim in figures if claim.unit_family != "ratio"]
    inside: set[int] = set()
    for index, claim in enumerate(figures):
        before = (one for one in before_in_sentence(figures, index) if one.number not in inside)
        whole = next((one for one in before if alike(one, claim)), None)
        if whole is None or not (pattern("part").search(claim.quote) or _larger_ones(claim, whole)):
            continue
        inside.add(claim.number)
        verdict = "exceeds" if stated(claim).low > stated(whole).high else "holds"
        formula = f"{figure(claim)}≤{figure(whole)}"
        yield observed("subset", verdict, (claim, whole), None, claim.value, formula)


def _larger_ones(claim: Claim, whole: Claim) -> bool:
    size = pattern("size_class").search(claim.surface)
    return size is not None and whole.surface.endswith(claim.surface[size.end() :])


def _remainders(case: Case) -> Iterator[Observation]:
    """What is left of a whole in so many parts of which all but one are stated."""
    figures = [c for c in case.of_kind("indicator") if c.value is not None and c.value_high is None]
    for index, whole in enumerate(figures):
        divided = pattern("divided").search(_behind(whole))
        if divided is None:
            continue
        behind = takewhile(partial(same_sentence, whole), islice(figures, index + 1, None))
        parts = [claim for claim in behind if claim.unit_base == whole.unit_base]
        count = _number(divided[1])
        if len(parts) == count - 1:
            left = in_unit_of(whole, stated(whole) - total_of(parts))
            formula = "-".join(figure(claim) for claim in (whole, *parts))
            yield observed("derived", "derived", (whole, *parts), None, left, formula)


def _lists(case: Case) -> Iterator[Observation]:
    """A count and the list behind it. Its last item may be two, joined by a word; an open list (等) tells nothing."""
    least = int(settings()["thresholds"]["least_listed"])
    for claim in case.claims:
        counted = claim.unit_family == "count" and claim.decimals == 0 and claim.value_high is None
        if not counted or claim.value is None or claim.value < least:
            continue
        listed = pattern("listed").search(pattern("in_brackets").sub("", _behind(claim)))
        items = listed[1].split("、") if listed else []
        if len(items) < least or pattern("open_list").search(items[-1]):
            continue
        most = len(items) + len(pattern("last_joint").findall(items[-1]))
        holds = len(items) <= claim.value <= most
        found = claim.value if holds else len(items)
        verdict = "holds" if holds else "fails"
        yield observed("count", verdict, (claim,), claim.value, found, str(len(items)))


def _behind(claim: Claim) -> str:
    """The words behind a figure to the end of its sentence, or as far as a list reaches, without white space."""
    start = max(claim.sentence.find(claim.quote), 0) + claim.figure[1] - claim.span_start
    words = claim.sentence[start : start + FARTHEST]
    return re.sub(r"\s", "", words).translate(CHINESE_BRACKETS)


def _number(word: str) -> int:
    numerals: dict[str, int] = settings()["numerals"]
    return numerals.get(word) or int(word)
