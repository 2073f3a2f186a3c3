"""Actuals against their targets where the report gives no rate, or one without its target, or not the year's figure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ingest.checking.case import Case
from ingest.checking.interval import COUNTED, Interval, around, stated, stated_rate
from ingest.checking.observation import Observation, agreement, as_percent, figure, observed, settings
from ingest.checking.pairing import host_of, same_sentence, target_for, target_of
from ingest.reading.claims import Claim

AT_MOST = ("<", "<=")


def observe(case: Case) -> Iterator[Observation]:
    """What the rates would be, what targets the stated rates imply, and which actuals are not the year's."""
    yield from _rates_not_stated(case)
    yield from _plans(case)
    yield from _other_periods(case)
    yield from _forecasts(case)
    yield from _years_before(case)
    yield from _implied_targets(case)
    yield from _bounds(case)


def _rates_not_stated(case: Case) -> Iterator[Observation]:
    """The completion rate of each indicator whose actual for the year and target are stated and whose rate is not."""
    rated = {rate.subject for rate in case.of_kind("completion_rate")}
    done: set[tuple[object, ...]] = set()
    for actual in case.of_kind("indicator", "actual"):
        key = (actual.subject, actual.value_base)
        if actual.subject in rated or key in done or not _is_of_the_year(actual, case):
            continue
        done.add(key)
        yield from _compared("ratio_missing", "derived", actual, target_of(actual, case.claims))


def _plans(case: Case) -> Iterator[Observation]:
    """A plan and its outcome side by side in one sentence, of something that no catalogue knows as an indicator."""
    for plan, done in pairwise(case.claims):
        sides = (plan.kind, plan.role, done.kind, done.role) == ("indicator", "target", "indicator", "actual")
        unnamed = not plan.subject and not done.subject and plan.value_high is None
        if sides and unnamed and plan.unit_base == done.unit_base and same_sentence(plan, done):
            yield from _compared("derived", "derived", done, plan)


def _other_periods(case: Case) -> Iterator[Observation]:
    """An actual of a part of the year beside a target for the year."""
    for actual in case.of_kind("indicator", "actual"):
        end = actual.period_end
        if end is not None and end.year == case.submission.fiscal_year and end.month < 12:
            yield from _compared("period", "period_mismatch", actual, target_of(actual, case.claims))


def _forecasts(case: Case) -> Iterator[Observation]:
    """A forecast in a report that was written after the year's end."""
    filled = case.submission.filled_on
    if filled is not None and filled.year <= case.submission.fiscal_year:
        return
    for forecast in case.of_kind("indicator", "forecast"):
        yield from _compared("forecast", "stale_forecast", forecast, target_of(forecast, case.claims))


def _years_before(case: Case) -> Iterator[Observation]:
    """An actual of an earlier year where the report has none of the year itself."""
    year = case.submission.fiscal_year
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject and claim.period_end]
    current = {claim.subject for claim in actuals if claim.period_end and claim.period_end.year >= year}
    for claim in actuals:
        if claim.subject not in current:
            yield observed("period", "period_mismatch", (claim,), None, claim.value, figure(claim))


def _implied_targets(case: Case) -> Iterator[Observation]:
    """The target behind a rate whose target the report does not state. A whole number is a sign that it is right."""
    for rate in case.of_kind("completion_rate"):
        actual = host_of(rate, case.claims)
        if actual is None or not actual.value_base or target_for(rate, case.claims) or stated_rate(rate).low <= 0:
            continue
        target = stated(actual) / stated_rate(rate)
        low, high, middle = (end / Fraction(actual.scale) for end in (target.low, target.high, target.value))
        whole = _whole_in(low, high, middle)
        counted = actual.unit_family in COUNTED and actual.decimals == 0
        formula = f"{figure(actual)}/{figure(rate)}%"
        if whole is not None and (counted or high - low <= Fraction(settings()["thresholds"]["whole_width"])):
            yield observed("implied_target", "integer_ok", (actual, rate), None, whole, formula)
            yield _over_the_whole(rate, actual, whole)
        else:
            verdict = "not_whole" if counted else "derived"
            yield observed("implied_target", verdict, (actual, rate), None, middle, formula)


def _whole_in(low: Fraction, high: Fraction, middle: Fraction) -> int | None:
    """The whole number in an interval that is nearest to its middle, or nothing."""
    nearest = min((math.ceil(low), math.floor(high), round(middle)), key=lambda whole: abs(whole - middle))
    return nearest if low <= nearest <= high and nearest > 0 else None


def _over_the_whole(rate: Claim, actual: Claim, whole: int) -> Observation:
    """The rate over the whole number that it implies."""
    ratio = stated(actual) / around(Fraction(whole) * Fraction(actual.scale), Fraction(0))
    percentage = as_percent(ratio)
    formula = f"{figure(actual)}/{whole}*100"
    verdict = agreement(rate, percentage, stated_rate(rate).meets(ratio))
    return observed("ratio", verdict, (rate, actual), rate.value, percentage, formula)


def _bounds(case: Case) -> Iterator[Observation]:
    """Outcomes that are stated as a bound only (95%以上): how many of them also have a value."""
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject]
    valued = {claim.subject for claim in actuals if claim.operator in ("=", "~", "range")}
    bounds = [claim for claim in actuals if claim.subject not in valued]
    if bounds:
        formula = "、".join(f"{claim.operator}{figure(claim)}" for claim in bounds)
        yield observed("bound", "bound_only", bounds, None, 0, formula)


def _compared(kind: str, verdict: str, actual: Claim, target: Claim | None) -> Iterator[Observation]:
    """The actual as a percentage of its target, where both are one figure and more is better."""
    single = actual.value_base is not None and actual.value_high is None and actual.operator == "="
    if target is None or not single or target.operator in AT_MOST or not target.value_base:
        return
    ratio: Interval = stated(actual) / stated(target)
    formula = f"{figure(actual)}/{figure(target)}*100"
    yield observed(kind, verdict, (actual, target), None, as_percent(ratio), formula)


def _is_of_the_year(actual: Claim, case: Case) -> bool:
    end = actual.period_end
    return end is None or (end.year == case.submission.fiscal_year and end.month == 12)
