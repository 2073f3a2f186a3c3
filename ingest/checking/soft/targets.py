"""Targets: declared in the chapter for them, changed on the way, without an outcome, or named only afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from ingest.checking.case import Case
from ingest.checking.interval import stated
from ingest.checking.observation import Observation, figure, in_unit_of, observed, pattern, settings
from ingest.checking.soft.repeats import same_name
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.sections import paragraphs_of

TARGETS = "targets"
WITH_TARGETS = ("indicator", "growth")


def observe(case: Case) -> Iterator[Observation]:
    """What became of the targets between the chapter that declares them and the one that reports on them."""
    yield from _drifts(case)
    yield from _without_outcome(case)
    yield from _declared_late(case)
    yield from _outcomes_for_targets(case)


def _drifts(case: Case) -> Iterator[Observation]:
    """The targets of one indicator for one year in different sections, each against the first."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in _targets(case):
        if claim.subject and claim.value is not None and claim.value_high is None:
            groups.setdefault((claim.kind, claim.subject, claim.unit_base, claim.period_end), []).append(claim)
    for first, *others in groups.values():
        compared: set[object] = set()
        for later in others:
            if later.section_path == first.section_path or later.value_base in compared:
                continue
            compared.add(later.value_base)
            alike = first.value_base == later.value_base
            kind, verdict = ("agree", "holds") if alike else ("drift", "conflict")
            formula = f"{figure(first)} / {figure(later)}"
            found = in_unit_of(first, stated(later))
            yield observed(kind, verdict, (first, later), first.value, found, formula)


def _without_outcome(case: Case) -> Iterator[Observation]:
    """How many declared targets have no outcome in figures anywhere in the report; a date counts as a target too."""
    asked = (claim for claim in declared_targets(case) if claim.kind == "indicator")
    declared = [claim for claim in asked if not _describes_a_place(claim) and not _is_of_one_time(claim)]
    outcomes = [claim for claim in case.claims if claim.kind == "indicator" and claim.role in ("actual", "forecast")]
    open_targets = [target for target in declared if not any(same_name(target, outcome) for outcome in outcomes)]
    dated = _dated(case)
    if open_targets or dated:
        formula = "、".join([*(claim.quote for claim in open_targets), *dated])
        count = len(open_targets) + len(dated)
        yield observed("missing_actual", "missing_actual", open_targets, None, count, formula)


def _describes_a_place(claim: Claim) -> bool:
    return claim.unit_family in settings()["described_by"] and bool(set(claim.rule_ids) & set(settings()["weak_rules"]))


def _is_of_one_time(claim: Claim) -> bool:
    """Whether the target is one of each time or day (每次15宗): how it is to be done, and not what is to be reached."""
    return claim.unit.rpartition("/")[2] in grammar.load("units")["averages"]["per"].values() and "/" in claim.unit


def _dated(case: Case) -> list[str]:
    """Commitments in the target chapter that are a date, where no claim was read from them."""
    quotes = [re.sub(r"\s", "", claim.quote) for claim in case.claims]
    words = (p.text[p.body_start - p.start :] for p in paragraphs_of(case.text) if p.section == TARGETS)
    found = [match[0] for text in words for match in pattern("dated").finditer(text)]
    return [words for words in found if not any(words in quote or quote in words for quote in quotes)]


def _declared_late(case: Case) -> Iterator[Observation]:
    """How many indicators have a target, but none in the chapter that declares the targets."""
    declared = {claim.subject for claim in declared_targets(case)}
    late: dict[str, Claim] = {}
    for claim in _targets(case):
        if declared and claim.subject and claim.subject not in declared:
            late.setdefault(claim.subject, claim)
    if late:
        formula = "、".join(figure(claim) for claim in late.values())
        yield observed("new_target", "target_not_declared", list(late.values()), None, len(late), formula)


def _outcomes_for_targets(case: Case) -> Iterator[Observation]:
    """How many true targets stand in a chapter for targets that holds outcomes instead."""
    inside = [claim for claim in case.of_kind("indicator") if section_kind(claim.section_path) == TARGETS]
    targets = [claim for claim in inside if claim.role == "target"]
    actuals = [claim for claim in inside if claim.role == "actual"]
    share = Fraction(settings()["thresholds"]["outcomes_in_targets"])
    if inside and Fraction(len(actuals), len(inside)) > share:
        verdict = "target_section_holds_actuals"
        yield observed("role", verdict, (*targets, *actuals), None, len(targets), f"{len(targets)}/{len(inside)}")


def _targets(case: Case) -> list[Claim]:
    return [claim for claim in case.claims if claim.kind in WITH_TARGETS and claim.role == "target"]


def declared_targets(case: Case) -> list[Claim]:
    """The targets in the chapter that declares them."""
    return [claim for claim in _targets(case) if section_kind(claim.section_path) == TARGETS]


@lru_cache(maxsize=grammar.LOOKUPS)
def section_kind(path: str) -> str:
    """What the nearest heading of a path that says so announces; the words are those of `sections.yaml`."""
    rows = grammar.words_of("sections", "")
    for title in reversed(path.split(" > ")):
        kind = next((row.id for row in rows if any(word in title for word in row.words)), "")
        if kind:
            return kind
    return ""
