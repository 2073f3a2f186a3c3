"""Slips of unit: 元 written for 万元, or 万元 for 亿元. A figure ten thousand times another one that it should meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ingest.checking.case import Case
from ingest.checking.interval import Interval, stated, stated_rate
from ingest.checking.money_identities import total_of
from ingest.checking.own_money import ADJUSTED, SPENT, above, parts_and_wholes, same_year, says, settings
from ingest.checking.pairing import amounts
from ingest.reading.claims import ORIGIN_FORM, Claim

STEP = Decimal(10000)
SLIPS = (STEP, 1 / STEP)
# A figure with fewer significant digits may meet another one by chance.
LEAST_DIGITS = 4
# Of the whole: what is smaller may vanish in a sum without having been needed there.
LEAST_SHARE = Fraction(1, 1000)
# An amount in the right unit is at least this share of its budget or whole.
LEAST_OF_BUDGET = Fraction(3, 10)

Sides = tuple[Interval, Interval]
# What is stated and what comes out, by the kind of an identity, from its claims in their order.
SIDES: Mapping[str, Callable[[Sequence[Claim]], Sides]] = {
    "sum": lambda claims: (stated(claims[0]), total_of(claims[1:])),
    "adjustment": lambda claims: (stated(claims[0]), total_of(claims[1:])),
    "execution_rate": lambda claims: (stated_rate(claims[0]), stated(claims[1]) / stated(claims[2])),
    "change_from_initial": lambda claims: (stated(claims[0]), stated(claims[1]) - stated(claims[2])),
}


@dataclass(frozen=True)
class Slip:
    """A figure in a wrong unit, what it would be in the right one (in yuan), and all figures that show it."""

    claim: Claim
    right: Decimal
    claims: tuple[Claim, ...]


def slips_of(case: Case) -> list[Slip]:
    """The slips of unit of a report, one for each figure that is surely in a wrong unit."""
    found: dict[int, Slip] = {}
    for slip in (*_in_identities(case), *_between_statements(case), *_against_the_budget(case), *_in_wholes(case)):
        if not any(claim.number in found for claim in slip.claims) and _has_units(slip, case):
            found[slip.claim.number] = slip
    return list(found.values())


def _has_units(slip: Slip, case: Case) -> bool:
    """Whether the report itself says the unit of each figure: a form without one may be in another than assumed."""
    assumed = [one for one in slip.claims if one.origin == ORIGIN_FORM and not says("unit", one.quote)]
    return not assumed or len(assumed) == len(slip.claims) or says("unit_of_form", case.text)


def comparable(case: Case) -> bool:
    """Whether the report states anything in which a slip would show."""
    return any(identity.kind in SIDES for identity in case.identities) or any(
        amounts(case.claims, *SPENT).keys() & amounts(case.claims, *ADJUSTED).keys()
    )


def _in_identities(case: Case) -> Iterator[Slip]:
    """An identity that fails as it is stated, and holds when one amount is taken in the other unit."""
    for identity in case.identities_of_kind(*SIDES):
        if identity.holds:
            continue
        for index, claim in enumerate(identity.claims):
            for factor in SLIPS if claim.unit_family == "money" else ():
                meant = _in_unit(claim, factor)
                claims = (*identity.claims[:index], meant, *identity.claims[index + 1 :])
                if _matters(meant, claims) and _holds(identity.kind, claims):
                    yield Slip(claim, meant.value_base or Decimal(0), (claim, *_without(identity.claims, claim)))


def _between_statements(case: Case) -> Iterator[Slip]:
    """Two statements of one amount that differ by the unit alone. A verified one is taken as meant, else the first."""
    first: dict[tuple[object, ...], Claim] = {}
    for claim in case.claims:
        if claim.kind not in ("budget", "expenditure", "income") or not claim.subject or claim.operator != "=":
            continue
        earlier = first.setdefault((claim.kind, claim.role, claim.subject), claim)
        if earlier is claim or not same_year(earlier, claim) or min(map(_digits, (earlier, claim))) < LEAST_DIGITS:
            continue
        if any(stated(_in_unit(claim, factor)).meets(stated(earlier)) for factor in SLIPS):
            wrong, meant = (earlier, claim) if claim.verification == "verified" else (claim, earlier)
            yield Slip(wrong, meant.value_base or Decimal(0), (wrong, meant))


def _against_the_budget(case: Case) -> Iterator[Slip]:
    """Expenditure that is beyond its budget, or next to nothing of it, and fits it in the other unit."""
    spent, adjusted = amounts(case.claims, *SPENT), amounts(case.claims, *ADJUSTED)
    for category in (category for category in spent if category in adjusted):
        one, budget = spent[category], adjusted[category]
        if above(one, budget):
            yield from _fitting(one, budget, 1 / STEP)
        elif category in settings()["always_spent"] and one.unit != budget.unit and _digits(one) >= LEAST_DIGITS:
            yield from _fitting(one, budget, STEP)


def _in_wholes(case: Case) -> Iterator[Slip]:
    """A part that is beyond its whole and fits into it in the other unit."""
    for part, whole in parts_and_wholes(case):
        if above(part, whole) and part.unit != whole.unit:
            yield from _fitting(part, whole, 1 / STEP)


def _fitting(one: Claim, limit: Claim, factor: Decimal) -> Iterator[Slip]:
    meant = _in_unit(one, factor)
    if stated(limit).low > 0 and LEAST_OF_BUDGET <= stated(meant).value / stated(limit).value <= 1:
        yield Slip(one, meant.value_base or Decimal(0), (one, limit))


def _in_unit(claim: Claim, factor: Decimal) -> Claim:
    return claim.changed(value_base=(claim.value_base or Decimal(0)) * factor, scale=claim.scale * factor)


def _matters(meant: Claim, claims: Sequence[Claim]) -> bool:
    largest = max(abs(stated(claim).value) for claim in claims if claim.unit_family == "money")
    return abs(stated(meant).value) >= largest * LEAST_SHARE


def _holds(kind: str, claims: Sequence[Claim]) -> bool:
    try:
        one, other = SIDES[kind](claims)
    except ZeroDivisionError:
        return False
    return one.meets(other)


def _without(claims: Sequence[Claim], claim: Claim) -> list[Claim]:
    return [one for one in claims if one.number != claim.number]


def _digits(claim: Claim) -> int:
    return len("".join(map(str, (claim.value or Decimal(0)).as_tuple().digits)).strip("0"))
