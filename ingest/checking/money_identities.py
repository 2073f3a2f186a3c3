"""Identities of the department's own money: sums, adjustments, execution rates, changes, restated amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.checking.identity import Identity, identity_of
from ingest.checking.interval import Interval, stated, stated_rate
from ingest.checking.pairing import amounts, chapter_of, host_of, parts_of, rate_of_change
from ingest.reading.claims import Claim

RESTATED = ("budget", "expenditure", "execution_rate")
# Categories that are the whole of a department's money where nothing else is named.
ALL_THE_MONEY = ("total", "fiscal", "general_public")
# A shorter number is one slip apart from too many others.
LEAST_DIGITS = 4


def money_identities(claims: Sequence[Claim], parents: Mapping[str, str]) -> Iterator[Identity]:
    """All identities of money; `claims` have a value, `parents` gives each category the one it is part of."""
    yield from _sums(claims, parents)
    yield from _adjustments(claims)
    yield from _adjusted_parts(claims, parents)
    yield from _execution_rates(claims)
    yield from _changes(claims)
    yield from _restatements(claims)


def total_of(claims: Sequence[Claim]) -> Interval:
    """The sum of at least one claim."""
    added = stated(claims[0])
    for claim in claims[1:]:
        added = added + stated(claim)
    return added


def moves_of(claims: Sequence[Claim]) -> list[Claim]:
    """Additions to the budget and cuts; a restated one counts once."""
    return list({c.value_base: c for c in claims if c.kind == "budget" and c.role == "adjustment"}.values())


def _sums(claims: Sequence[Claim], parents: Mapping[str, str]) -> Iterator[Identity]:
    """Total = sum of its parts, for each measure; and projects = sum of the kinds of projects."""
    for kind, role in (("budget", "initial"), ("budget", "adjusted"), ("expenditure", "actual")):
        found = amounts(claims, kind, role)
        parts = parts_of(found, parents)
        if "total" in found and parts:
            totals = [claim for claim in claims if (claim.kind, claim.role, claim.subject) == (kind, role, "total")]
            yield _sum(_total_meant(totals, found["total"], parts), parts)
        children = [claim for category, claim in found.items() if parents.get(category) == "project"]
        if "project" in found and len(children) > 1:
            yield _sum(found["project"], children)


def _total_meant(totals: Sequence[Claim], first: Claim, parts: Sequence[Claim]) -> Claim:
    """The first total, or another that the parts make: 支出总计 also holds what is carried over, 本年支出 does not.

    One that is a slip away from the first is the same figure, and no way out.
    """
    if stated(first).meets(total_of(parts)):
        return first
    others = (claim for claim in totals if not one_slip(_digits(first), _digits(claim)) and claim.operator == "=")
    return next((claim for claim in others if stated(claim).meets(total_of(parts))), first)


def _sum(total: Claim, parts: Sequence[Claim]) -> Identity:
    return identity_of("sum", (total, *parts), stated(total), total_of(parts))


def _adjustments(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Initial + additions - cuts = adjusted.

    What was carried over may count as an addition, and a cut that another chapter speaks of may be one of the next
    year: the identity holds when it does with or without them.
    """
    initial, adjusted = (amounts(claims, "budget", role).get("total") for role in ("initial", "adjusted"))
    moves = moves_of(claims)
    if initial is None or adjusted is None or not moves:
        return
    opening = [one for one in [amounts(claims, "balance", "actual").get("carry_over")] if one is not None]
    beside = [move for move in moves if chapter_of(move) == chapter_of(adjusted)]
    identities = [
        identity_of("adjustment", taking_part, stated(adjusted), total_of(taking_part[1:]))
        for added in (moves, [*moves, *opening], beside, [*beside, *opening])
        for taking_part in [(adjusted, initial, *added)]
    ]
    yield next((identity for identity in identities if identity.holds), identities[0])


def _adjusted_parts(claims: Sequence[Claim], parents: Mapping[str, str]) -> Iterator[Identity]:
    """What the parts of the budget moved by adds up to what the whole moved by. Both times the same parts are given."""
    initial, adjusted = (
        {claim.subject: claim for claim in parts_of(amounts(claims, "budget", role), parents)}
        for role in ("initial", "adjusted")
    )
    moves = moves_of(claims)
    if moves and initial and set(initial) == set(adjusted):
        befores, afters = list(initial.values()), [adjusted[category] for category in initial]
        moved = total_of(afters) - total_of(befores)
        yield identity_of("adjusted_parts", (*moves, *afters, *befores), total_of(moves), moved)


def _execution_rates(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Execution rate = expenditure / adjusted budget, never over the initial one (财预, MOF form: B/A).

    A category has one rate for the year. Where it is proven, another rate is of something else (a quarter, a project),
    unless it is only a slip away.
    """
    spent, adjusted = amounts(claims, "expenditure", "actual"), amounts(claims, "budget", "adjusted")
    found = []
    for rate in claims:
        first, over = spent.get(rate.subject or ""), adjusted.get(rate.subject or "")
        exact = rate.kind == "execution_rate" and rate.operator in ("=", "~")
        if exact and first and over and over.value_base and rate.period_end == first.period_end:
            limits = [over, *_others_adjusted(over, claims)]
            found.append(_execution_rate(rate, host_of(rate, claims), first, limits))
    proven = {(identity.claims[0].subject, _digits(identity.claims[0])) for identity in found if identity.holds}
    for identity in found:
        rate = identity.claims[0]
        others = [digits for subject, digits in proven if subject == rate.subject]
        if identity.holds or not others or any(one_slip(_digits(rate), digits) for digits in others):
            yield identity


def _others_adjusted(first: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """Other adjusted budgets of the category: a rate may be of one that is stated later. A slip is no way out."""
    others = (c for c in claims if (c.kind, c.role, c.subject) == ("budget", "adjusted", first.subject))
    return [c for c in others if c.value_base and c.operator == "=" and not one_slip(_digits(first), _digits(c))]


def _execution_rate(rate: Claim, host: Claim | None, first: Claim, limits: Sequence[Claim]) -> Identity:
    """The rate with the expenditure it belongs to: that of its own sentence or the first of its category."""
    own = host if host is not None and (host.kind, host.subject) == ("expenditure", rate.subject) else first
    identities = [
        identity_of("execution_rate", (rate, spent, over), stated_rate(rate), stated(spent) / stated(over))
        for over in limits
        for spent in (own, first)
    ]
    return next((identity for identity in identities if identity.holds), identities[0])


def _changes(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Rate of change = change / (value - change); change against the initial budget = value - initial budget."""
    budgets = amounts(claims, "budget", "initial")
    for change in claims:
        host = host_of(change, claims) if change.kind == "change" else None
        if host is None:
            continue
        initial = _initial_of(host, budgets) if change.role == "vs_initial_budget" else None
        if initial is not None:
            moved = stated(host) - stated(initial)
            yield identity_of("change_from_initial", (change, host, initial), stated(change), moved)
        before = stated(host) - stated(change)
        rate = rate_of_change(change, claims)
        if rate is not None and not before.low <= 0 <= before.high:
            yield identity_of("change_rate", (rate, change, host), stated_rate(rate), stated(change) / before)


def _initial_of(host: Claim, initial: Mapping[str, Claim]) -> Claim | None:
    """The initial budget that an amount is compared with: of its category, or the whole one for all the money."""
    if host.role == "initial":
        return None
    return initial.get(host.subject or "") or (initial.get("total") if host.subject in ALL_THE_MONEY else None)


def _restatements(claims: Sequence[Claim]) -> Iterator[Identity]:
    """An amount that another chapter states again is the same.

    Copying is no evidence, so that only a difference counts; and only one that a slip of the keyboard explains, since
    chapters also speak of amounts of single projects.
    """
    first: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        if claim.kind not in RESTATED or not claim.subject or claim.operator != "=":
            continue
        key = (claim.kind, claim.subject, claim.role, claim.period_end, claim.unit)
        earlier = first.setdefault(key, claim)
        slipped = chapter_of(earlier) != chapter_of(claim) and one_slip(_digits(earlier), _digits(claim))
        if slipped and not stated(earlier).meets(stated(claim)):
            yield identity_of("restatement", (claim, earlier), stated(claim), stated(earlier))


def one_slip(one: str, other: str) -> bool:
    """Whether two different numbers are one slip apart: a digit changed, lost or added, two swapped, a point lost."""
    short, long = sorted((one, other), key=len)
    if one == other or len(short.replace(".", "")) < LEAST_DIGITS:
        return False
    without = {long[:index] + long[index + 1 :] for index in range(len(long))}
    if len(long) > len(short):
        return short in without
    apart = [index for index in range(len(one)) if one[index] != other[index]]
    return len(apart) == 1 or (len(apart) == 2 and _swapped(one, other, *apart))


def _swapped(one: str, other: str, left: int, right: int) -> bool:
    """Whether two digits beside each other, or with the point between them, changed places."""
    beside = not one[left + 1 : right].strip(".")
    return beside and (one[left], one[right]) == (other[right], other[left])


def _digits(claim: Claim) -> str:
    return f"{abs(claim.value):f}" if claim.value is not None else ""
