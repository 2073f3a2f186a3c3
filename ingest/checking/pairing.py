"""Which figures of a report belong together: categories of a budget, a rate and its target, a whole and its parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.checking.interval import COUNTED, stated, stated_rate
from ingest.reading.claims import Claim

# A report gives an indicator a few targets. In a text with more of them only the last are tried.
MOST_TARGETS = 12


def amounts(claims: Sequence[Claim], kind: str, role: str) -> dict[str, Claim]:
    """The first amount of each category for one measure, such as the adjusted budget."""
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.kind == kind and claim.role == role and claim.subject and claim.operator == "=":
            found.setdefault(claim.subject, claim)
    return found


def parts_of(amounts_by_category: Mapping[str, Claim], parents: Mapping[str, str]) -> list[Claim]:
    """Basic expenditure and its counterpart: projects, or the kinds of projects where those are given instead."""
    if "basic" not in amounts_by_category:
        return []
    kinds = [claim for category, claim in amounts_by_category.items() if parents.get(category) == "project"]
    projects = [amounts_by_category["project"]] if "project" in amounts_by_category else kinds
    return [amounts_by_category["basic"], *projects] if projects else []


def target_for(rate: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The target that a completion rate is measured against: one of the same section before others, the last before
    earlier ones; of a figure's own targets those that make the rate true come first, since the writer had one in mind.
    """
    actual = host_of(rate, claims)
    if actual is None:
        return None
    section = chapter_of(rate)
    return max(
        targets_of(actual, claims)[-MOST_TARGETS:],
        key=lambda claim: (_completes(actual, claim, rate), chapter_of(claim) == section, claim.span_start),
        default=None,
    )


def target_of(actual: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The target that an actual without a rate is measured against: of its section before others, the last one."""
    section = chapter_of(actual)
    return max(
        targets_of(actual, claims),
        key=lambda claim: (chapter_of(claim) == section, claim.span_start),
        default=None,
    )


def targets_of(actual: Claim, claims: Iterable[Claim]) -> list[Claim]:
    """The targets of an indicator in the same unit that are one figure, not a range, and not zero."""
    return [
        claim
        for claim in claims
        if claim.kind == "indicator"
        and claim.role == "target"
        and actual.subject is not None
        and claim.subject == actual.subject
        and claim.unit_base == actual.unit_base
        and claim.value_base
        and claim.value_high_base is None
    ]


def numbered(number: int | None, claims: Sequence[Claim]) -> Claim | None:
    """The claim with a number; `claims` are in the order of their numbers."""
    if number is None:
        return None
    index = bisect_left(claims, number, key=lambda claim: claim.number)
    return claims[index] if index < len(claims) and claims[index].number == number else None


def host_of(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The claim that a rate or a growth belongs to."""
    return numbered(claim.host, claims)


def rate_of_change(change: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The rate that is stated right behind an amount of change, of the same figure."""
    following = numbered(change.number + 1, claims)
    fits = following is not None and following.kind == "change_rate" and following.host == change.host
    return following if fits else None


def chapter_of(claim: Claim) -> str:
    """The two highest headings that a claim stands under."""
    return " > ".join(claim.section_path.split(" > ")[:2])


def same_sentence(one: Claim, other: Claim) -> bool:
    """Whether two claims stand in one sentence of one section."""
    return one.sentence == other.sentence and one.section_path == other.section_path


def before_in_sentence(claims: Sequence[Claim], index: int) -> Iterator[Claim]:
    """The claims before one in its sentence, the nearest first."""
    for position in range(index - 1, -1, -1):
        if not same_sentence(claims[position], claims[index]):
            return
        yield claims[position]


def alike(one: Claim, other: Claim) -> bool:
    """Whether two figures may be added: people and things are both counted, anything else has one unit."""
    both_counted = one.unit_family in COUNTED and other.unit_family in COUNTED
    return both_counted or (bool(one.unit_base) and one.unit_base == other.unit_base)


def breakdowns(claims: Sequence[Claim]) -> list[tuple[Claim, list[Claim]]]:
    """Figures with the parts that their sentence names behind them (其中, 含), in the order of the text."""
    found: dict[int, tuple[Claim, list[Claim]]] = {}
    figures = [claim for claim in claims if claim.kind == "indicator" and claim.value_base is not None]
    for index, part in enumerate(figures):
        if part.role != "component" or part.value_high is not None:
            continue
        before = (claim for claim in before_in_sentence(figures, index) if claim.role != "component")
        whole = next((claim for claim in before if alike(claim, part)), None)
        if whole is not None and whole.value_high is None:
            found.setdefault(whole.number, (whole, []))[1].append(part)
    return [(whole, _in_its_unit(whole, parts)) for whole, parts in found.values()]


def _in_its_unit(whole: Claim, parts: list[Claim]) -> list[Claim]:
    """Of parts that are given in households and in people those in the unit of the whole."""
    same = [part for part in parts if part.unit_base == whole.unit_base]
    return same if len(same) > 1 else parts


def _completes(actual: Claim, target: Claim, rate: Claim) -> bool:
    return (stated(actual) / stated(target)).meets(stated_rate(rate))
