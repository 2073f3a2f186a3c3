"""Targets with the outcomes they are measured by: of one row of a form, or of one indicator in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from ingest.checking.case import Case
from ingest.checking.interval import Interval, stated
from ingest.checking.outcome_identities import base_of, growths_of
from ingest.checking.outcome_words import latest_year_in, names_something_else, says, shared_pairs
from ingest.checking.pairing import MOST_TARGETS, chapter_of, host_of, same_sentence
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.names import core_of

AT_MOST = ("<", "<=")
AT_LEAST = (">", ">=")
EXACT = ("=", "~")
# Directions of `indicators.csv`.
POSITIVE, REVERSE, GROWTH = "positive", "reverse", "growth"
# Kinds of claims that say what was reached.
REACHED = ("indicator", "completion_rate", "growth", "indicator_rank")
# Two names of which this share of the pairs of characters of either is common may mean one thing.
SHARED = Fraction(2, 5)


@dataclass(frozen=True)
class Measured:
    """A target and the outcome that comes nearest to it; where several were stated, the others come no nearer."""

    target: Claim
    actual: Claim
    is_reverse: bool

    @property
    def falls_short(self) -> bool:
        """Whether less was reached than was meant to be, whatever rounding hides."""
        upward = self.target.operator in (*AT_LEAST, *EXACT) and not self.is_reverse
        return upward and stated(self.actual).high < stated(self.target).low

    @property
    def goes_beyond(self) -> bool:
        """Whether a limit was exceeded, whatever rounding hides."""
        return self.is_reverse and stated(self.actual).low > stated(self.target).high


def measured(case: Case) -> list[Measured]:
    """Targets for the year with their outcomes: those of one row of a form, and those of one indicator in the text."""
    return [*_rows(case), *_indicators(case)]


def is_reverse(claim: Claim, case: Case) -> bool:
    """Whether less is better: the target is a limit, the catalogue says so, or the name does."""
    if claim.operator in AT_MOST:
        return True
    direction = case.directions.get(claim.subject or "")
    if direction is not None:
        return direction == REVERSE
    return claim.operator not in AT_LEAST and (is_cost(claim) or says("reverse_name", claim.surface))


def is_of_the_year(claim: Claim, case: Case) -> bool:
    """Whether a figure is one of the whole year under report, and not one of a plan for another."""
    end = claim.period_end
    whole = end is None or (end.year == case.submission.fiscal_year and end.month == 12)
    ahead = latest_year_in(claim.sentence) > case.submission.fiscal_year
    plan = says("plan_heading", claim.section_path) or says("plan_sentence", claim.sentence)
    return whole and not ahead and not plan


def is_single(claim: Claim) -> bool:
    """Whether a claim is one figure that can be compared."""
    return claim.value_base is not None and claim.value_high is None


def rows_of_forms(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """Each target of a form with each outcome of its row."""
    for actual in case.of_kind("indicator", "actual"):
        target = host_of(actual, case.claims) if actual.origin == ORIGIN_FORM else None
        if target is not None and (target.kind, target.role) == ("indicator", "target"):
            yield target, actual


def is_growth(claim: Claim, case: Case) -> bool:
    """Whether a figure says by how much something grew."""
    by_name = claim.unit_family == "ratio" and says("growth_name", claim.surface + claim.quote)
    return claim.kind == "growth" or by_name or case.directions.get(claim.subject or "") == GROWTH


def is_cost(claim: Claim) -> bool:
    """Whether a figure is an amount that the form lists under costs; what is saved or granted is none."""
    levels = claim.section_path.rpartition(" > ")[0]
    amount = claim.origin == ORIGIN_FORM and claim.unit_family == "money"
    return amount and says("level.cost", levels) and not says("no_cost", claim.surface)


def targets_of_the_year(case: Case) -> dict[tuple[str, str], list[Claim]]:
    """The targets that the text gives each indicator for the year, by indicator and unit; ranges are among them."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in case.of_kind("indicator", "target"):
        meant = claim.subject and claim.value_base is not None and claim.origin != ORIGIN_FORM
        if meant and is_of_the_year(claim, case) and not names_something_else(claim):
            found.setdefault((claim.subject or "", claim.unit_base), []).append(claim)
    return found


def outcomes_of_the_year(case: Case) -> dict[tuple[str, str], list[Claim]]:
    """The outcomes that the text states for the year as one figure, by indicator and unit."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in case.of_kind("indicator", "actual"):
        meant = claim.subject and is_single(claim) and claim.operator in EXACT and claim.origin != ORIGIN_FORM
        partial = says("some", claim.quote) or names_something_else(claim)
        if meant and is_of_the_year(claim, case) and not partial:
            found.setdefault((claim.subject or "", claim.unit_base), []).append(claim)
    return found


def ranged(case: Case) -> list[tuple[Claim, Claim]]:
    """Targets that are a range with their outcomes: of one row of a form, or the nearest one of an indicator."""
    rows = [(target, actual) for target, actual in rows_of_forms(case) if _is_ranged(target) and is_single(actual)]
    found = [(target, actual) for target, actual in rows if actual.operator in EXACT]
    outcomes = outcomes_of_the_year(case)
    for key, targets in targets_of_the_year(case).items():
        ranges = [claim for claim in targets if _is_ranged(claim)]
        if ranges and key in outcomes:
            found.append((ranges[-1], min(outcomes[key], key=partial(_distance, ranges[-1]))))
    return [(target, actual) for target, actual in found if target.unit_base == actual.unit_base]


def grown_from(case: Case) -> Iterator[tuple[Claim, Claim, Claim, Interval]]:
    """Targets of indicators that are to grow, with the outcome, its growth, and the prior year's value behind both."""
    targets = targets_of_the_year(case)
    for actual, growth in growths_of(case.claims):
        own = [claim for claim in targets.get((actual.subject or "", actual.unit_base), ()) if is_single(claim)]
        exact = actual.role == "actual" and actual.operator == growth.operator == "=" and growth.unit == "%"
        positive = case.directions.get(actual.subject or "") == POSITIVE and is_of_the_year(actual, case)
        if own and exact and positive and own[-1].operator not in AT_MOST:
            yield own[-1], actual, growth, base_of(actual, growth)


def figures_of_prior_year(case: Case) -> Iterator[tuple[Claim, Claim, Claim]]:
    """Each growth with its figure and the figure of the year before that stands in the same sentence."""
    indicators = [claim for claim in case.of_kind("indicator") if is_single(claim) and claim.operator == "="]
    for figure, growth in growths_of(case.claims):
        comparable = growth.unit == "%" and growth.period_end == figure.period_end and is_single(figure)
        priors = [one for one in indicators if same_sentence(one, figure) and _is_a_year_before(one, figure)]
        if comparable and figure.operator == "=" and len(priors) == 1 and stated(priors[0]).low > 0:
            yield growth, figure, priors[0]


def without_outcome(target: Claim, case: Case) -> bool:
    """Whether no outcome in the report could mean what the target counts: one of a like name, or in its unit."""
    outcomes = [one for one in case.claims if one.kind in REACHED and one.role != "target"]
    return not says("no_target", target.surface) and not any(_may_answer(one, target) for one in outcomes)


def _may_answer(outcome: Claim, target: Claim) -> bool:
    """Whether an outcome may be the target's: one figure or indicator, a like name, a shared word in one unit."""
    same_figure = (outcome.value_base, outcome.unit_base) == (target.value_base, target.unit_base)
    if outcome.subject or same_figure:
        return same_figure or outcome.subject == target.subject
    one, other = core_of(outcome.surface), core_of(target.surface)
    shared = max(shared_pairs(one, other), shared_pairs(other, one))
    return shared >= SHARED or (shared > 0 and not target.subject and outcome.unit_base == target.unit_base)


def _is_ranged(claim: Claim) -> bool:
    return claim.value_base is not None and claim.value_high_base is not None


def _distance(target: Claim, actual: Claim) -> Decimal:
    """How far an outcome lies outside a range."""
    value = actual.value_base or Decimal(0)
    low, high = target.value_base or Decimal(0), target.value_high_base or Decimal(0)
    return max(low - value, value - high, Decimal(0))


def _is_a_year_before(prior: Claim, figure: Claim) -> bool:
    if prior.period_end is None or figure.period_end is None:
        return False
    years = figure.period_end.year - prior.period_end.year
    alike = (prior.unit_base, core_of(prior.surface)) == (figure.unit_base, core_of(figure.surface))
    return alike and years == 1 and prior.period_end.month == figure.period_end.month


def _rows(case: Case) -> Iterator[Measured]:
    for target, actual in rows_of_forms(case):
        exact = is_single(actual) and actual.operator in EXACT and is_single(target)
        either_way = target.operator in EXACT and says("level.cost", target.section_path)
        if exact and not either_way and actual.unit_base == target.unit_base:
            yield Measured(target, actual, is_reverse(target, case))


def _indicators(case: Case) -> Iterator[Measured]:
    targets, outcomes = targets_of_the_year(case), outcomes_of_the_year(case)
    for key, claims in outcomes.items():
        own = [claim for claim in targets.get(key, ()) if is_single(claim)][-MOST_TARGETS:]
        if not own:
            continue
        reverse = is_reverse(own[-1], case)
        nearest = (min if reverse else max)(claims, key=lambda claim: claim.value_base or 0)
        section = chapter_of(nearest)
        target = max(own, key=lambda claim: (chapter_of(claim) == section, claim.span_start))
        if not _one_counts_all(target, nearest) and not _add_up(claims, target):
            yield Measured(target, nearest, is_reverse(target, case))


def _add_up(claims: Sequence[Claim], target: Claim) -> bool:
    """Whether several outcomes may be parts of one that reaches the target, which none of them does alone."""
    values = {claim.value_base or Decimal(0) for claim in claims}
    goal = target.value_base or Decimal(0)
    return len(values) > 1 and target.unit_family != "ratio" and max(values) < goal <= sum(values)


def _one_counts_all(target: Claim, actual: Claim) -> bool:
    """Whether one figure is all there is and the other what was added in the year."""
    sides = [(says("stock", claim.quote), says("increment", claim.quote)) for claim in (target, actual)]
    return sides[0] == (False, True) and sides[1] == (True, False)
