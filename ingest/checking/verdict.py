"""Judging one report: identities, rules, what is verified, the verdict, and what else was observed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ingest.checking import rules as rules_package
from ingest.checking.case import Case, Result
from ingest.checking.grades import grade_of
from ingest.checking.identities import identities_of, verified
from ingest.checking.observation import Observation
from ingest.checking.observations import observations_of
from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table

Rule = Callable[[Case], Iterator[Result]]


@dataclass(frozen=True)
class Finding:
    """One result of one rule on one report, in words for its sender."""

    rule_id: str
    severity: str
    result: Result
    message_zh: str
    message_en: str
    remedy_zh: str


@dataclass(frozen=True)
class Judgement:
    """A report's claims with what was verified, its findings, whether it is accepted, and what else was observed."""

    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    verdict: str
    observations: tuple[Observation, ...] = ()


@cache
def implementations() -> dict[str, Rule]:
    """Every rule's check by the rule's id, the first part of its module's name."""
    found = {}
    for module in pkgutil.iter_modules(rules_package.__path__):
        imported = importlib.import_module(f"{rules_package.__name__}.{module.name}")
        found[module.name.partition("_")[0].upper()] = imported.check
    return found


def catalogue(reference: Path) -> dict[str, dict[str, str]]:
    """The rows of the rule catalogue by id."""
    return {row["rule_id"]: row for row in read_table(reference / "rules.csv")}


def judge(case: Case, parents: Mapping[str, str], reference: Path) -> Judgement:
    """Apply every rule of the catalogue. A P0 finding returns the report; others are noted on an accepted one."""
    identities = identities_of(case.claims, parents)
    claims = tuple(verified(case.claims, identities, extra=_graded(case)))
    case = replace(case, claims=claims, identities=tuple(identities))
    findings = tuple(
        _finding(row, result)
        for rule_id, row in sorted(catalogue(reference).items())
        for result in _merged(implementations()[rule_id](case))
    )
    return Judgement(claims, findings, verdict_of(findings), tuple(observations_of(case)))


def _merged(results: Iterator[Result]) -> list[Result]:
    """One result for each mistake: a wrong figure that is stated twice is one mistake with two sentences."""
    merged: dict[tuple[object, ...], Result] = {}
    for result in results:
        key = (result.outcome, result.expected, result.found, *sorted(result.words.items()))
        seen = merged.get(key)
        claims = (*seen.claims, *result.claims) if seen else tuple(result.claims)
        merged[key] = replace(result, claims=tuple(dict.fromkeys(claims)))
    return list(merged.values())


def verdict_of(findings: Sequence[Finding]) -> str:
    """returned, accepted_with_findings or accepted."""
    severities = {finding.severity for finding in findings if finding.result.outcome == "fail"}
    if "P0" in severities:
        return "returned"
    return "accepted_with_findings" if severities else "accepted"


def _graded(case: Case) -> list[int]:
    """Score and grade confirm each other when the grade is the score's."""
    scores, grades = case.of_kind("score", "self"), case.of_kind("grade", "self")
    if not scores or not grades or scores[-1].value is None:
        return []
    fits = grade_of(scores[-1].value, case.thresholds) == grades[-1].value_text
    return [scores[-1].number, grades[-1].number] if fits else []


def _finding(row: Mapping[str, str], result: Result) -> Finding:
    words = {"expected": result.expected, "found": result.found, **result.words}
    failed = result.outcome == "fail"
    return Finding(
        rule_id=row["rule_id"],
        severity=row["severity"],
        result=result,
        message_zh=row["message_zh"].format(**words) if failed else "",
        message_en=row["message_en"].format(**words) if failed else "",
        remedy_zh=row["remedy_zh"] if failed else "",
    )
