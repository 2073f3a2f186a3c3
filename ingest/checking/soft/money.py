"""The department's own money: bounds, the year before, income against expenditure, rates that are not stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ingest.checking.case import Case
from ingest.checking.interval import stated
from ingest.checking.money_identities import total_of
from ingest.checking.observation import (
    Observation,
    as_percent,
    difference,
    figure,
    in_unit_of,
    observed,
    pattern,
    settings,
)
from ingest.checking.pairing import amounts, host_of
from ingest.reading.claims import Claim


def observe(case: Case) -> Iterator[Observation]:
    """What the amounts of budget, income and expenditure say of each other."""
    yield from _within_the_budget(case)
    yield from _year_before(case)
    yield from _both_budgets(case)
    yield from _income_is_expenditure(case)
    yield from _changes_of_both(case)
    yield from _rate_not_stated(case)


def _within_the_budget(case: Case) -> Iterator[Observation]:
    """Counts the categories whose expenditure is above the adjusted budget."""
    spent, adjusted = amounts(case.claims, "expenditure", "actual"), amounts(case.claims, "budget", "adjusted")
    both = [category for category in spent if category in adjusted]
    above = [category for category in both if stated(spent[category]).low > stated(adjusted[category]).high]
    if both:
        claims = [group[category] for category in both for group in (spent, adjusted)]
        formula = "、".join(f"{figure(spent[c])}≤{figure(adjusted[c])}" for c in both)
        yield observed("bound", "fails" if above else "holds", claims, None, len(above), formula)


def _year_before(case: Case) -> Iterator[Observation]:
    """The year before that a change leads back to."""
    for change in case.of_kind("change", "vs_prior_year"):
        host = host_of(change, case.claims)
        if host is not None and host.value is not None:
            before = in_unit_of(host, stated(host) - stated(change))
            sign = "+" if (change.value or 0) < 0 else "-"
            yield observed("derived", "derived", (host, change), None, before, f"{figure(host)}{sign}{figure(change)}")


def _both_budgets(case: Case) -> Iterator[Observation]:
    """The budget of income and that of expenditure, stated side by side, are one."""
    totals = [claim for claim in case.of_kind("budget", "initial") if claim.subject == "total"]
    incomes = [claim for claim in totals if pattern("income").search(claim.surface)]
    outlays = [claim for claim in totals if pattern("expenditure").search(claim.surface)]
    for income in incomes:
        beside = next((c for c in outlays if c is not income and c.section_path == income.section_path), None)
        if beside is not None:
            yield _equal((income, beside), income, beside)


def _income_is_expenditure(case: Case) -> Iterator[Observation]:
    """All totals of income and of expenditure, which are one figure when nothing is carried over."""
    incomes, outlays = (
        [claim for claim in case.of_kind(kind, "actual") if claim.subject in subjects and claim.value is not None]
        for kind, subjects in settings()["flows"].items()
    )
    if incomes and outlays:
        odd = [claim for claim in outlays if not stated(claim).meets(stated(incomes[0]))]
        yield _equal((*incomes, *outlays), incomes[0], next(iter(odd), outlays[0]))


def _equal(claims: Sequence[Claim], one: Claim, other: Claim) -> Observation:
    values = {claim.value_base for claim in claims}
    formula = "=".join(figure(claim) for claim in claims)
    verdict = "holds" if len(values) == 1 else difference("differs", one, *_in_unit(one, other))
    return observed("equal", verdict, claims, one.value, _in_unit(one, other)[1], formula)


def _changes_of_both(case: Case) -> Iterator[Observation]:
    """What income and what expenditure changed by since the year before."""
    changes = case.of_kind("change", "vs_prior_year")
    income = next((c for c in changes if (c.subject or "").startswith("income.")), None)
    subjects = [f"expenditure.{category}" for category in settings()["parts_of_expenditure"]]
    parts = [next((c for c in changes if c.subject == subject), None) for subject in subjects]
    outlays = [part for part in parts if part is not None]
    if income is None or income.value is None or len(outlays) < len(subjects):
        return
    sign = -1 if income.value < 0 else 1
    added = in_unit_of(income, total_of(outlays)) * sign
    said = in_unit_of(income, stated(income)) * sign
    holds = stated(income).meets(total_of(outlays))
    verdict = "holds" if holds else difference("differs", income, said, added)
    formula = "+".join(figure(part) for part in outlays)
    yield observed("sum", verdict, (income, *outlays), abs(income.value), added, formula)


def _rate_not_stated(case: Case) -> Iterator[Observation]:
    """The execution rate where the report states none; over the initial budget where it states no adjusted one."""
    spent = amounts(case.claims, "expenditure", "actual").get("total")
    rates = [rate for rate in case.of_kind("execution_rate") if rate.subject == "total"]
    budgets = (amounts(case.claims, "budget", role).get("total") for role in ("adjusted", "initial"))
    budget = next((claim for claim in budgets if claim is not None and claim.value_base), None)
    if spent is not None and budget is not None and not rates:
        formula = f"{figure(spent)}/{figure(budget)}*100"
        rate = as_percent(stated(spent) / stated(budget))
        yield observed("ratio_missing", "derived", (spent, budget), None, rate, formula)


def _in_unit(one: Claim, other: Claim) -> tuple[Fraction, Fraction]:
    return in_unit_of(one, stated(one)), in_unit_of(one, stated(other))
