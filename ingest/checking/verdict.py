"""Judging one report: identities, rules, what is verified, the verdict, and what else was observed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ingest.checking import rules as rules_package
from ingest.checking.case import Case, Result
from ingest.checking.catalogue import Row, catalogue, explanations_of, in_force, severity_on
from ingest.checking.grades import grade_of
from ingest.checking.history import Filing
from ingest.checking.identities import identities_of, verified
from ingest.checking.observation import Observation
from ingest.checking.observations import observations_of
from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table
from jiheng.settings import LOCAL_TIME

Rule = Callable[[Any], Iterator[Result]]

# Scopes of rules: those that need nothing but the report itself, and those that see it among the others.
RETURNS, GRAVE = "P0", ("P0", "P1")
SUBMISSION, FILING = "submission", "filing"


@dataclass(frozen=True)
class Finding:
    """One result of one rule on one report, in words for its sender.

    `explained_by` is the rule whose own finding on the same figures has caused this one.
    """

    rule_id: str
    severity: str
    result: Result
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str
    explained_by: str = ""


@dataclass(frozen=True)
class Judgement:
    """A report's claims with what was verified, its findings, whether it is accepted, and what else was observed."""

    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    verdict: str
    observations: tuple[Observation, ...] = ()


@cache
def implementations() -> dict[str, Rule]:
    """Every rule's check by the rule's id, the first part of its module's name.

    A check takes a `Case` or a `Filing`, as the catalogue's scope says.
    """
    found = {}
    for module in pkgutil.iter_modules(rules_package.__path__):
        imported = importlib.import_module(f"{rules_package.__name__}.{module.name}")
        found[module.name.partition("_")[0].upper()] = imported.check
    return found


def judge(case: Case, parents: Mapping[str, str], reference: Path) -> Judgement:
    """Apply every rule in force. A P0 finding returns the report; others are noted on an accepted one."""
    identities = identities_of(case.claims, parents)
    claims = tuple(verified(case.claims, identities, extra=_graded(case)))
    case = replace(case, claims=claims, identities=tuple(identities), parents=parents)
    case = replace(case, observations=tuple(observations_of(case)))
    findings = _applied(case, SUBMISSION, reference, case.received_on)
    return Judgement(claims, findings, verdict_of(findings), case.observations)


def judge_filing(filing: Filing, reference: Path) -> tuple[Finding, ...]:
    """Apply every rule that sees a report among the others, on the day it was received."""
    rows = catalogue(reference)
    findings = _applied(filing, FILING, reference, filing.profile.received_at.astimezone(LOCAL_TIME).date())
    return tuple(
        replace(one, explained_by=next((cause for cause in causes if cause in filing.profile.failed), one.explained_by))
        if one.result.outcome == "fail"
        else one
        for one in findings
        for causes in [explanations_of(rows[one.rule_id])]
    )


def _applied(what: Case | Filing, scope: str, reference: Path, on: date | None) -> tuple[Finding, ...]:
    rows = catalogue(reference)
    demotions = read_table(reference / "rule_demotions.csv")
    findings = [
        finding_of(row, severity_on(row, demotions, on), result)
        for row in in_force(rows, on)
        if row["scope"] == scope
        for result in _merged(implementations()[row["rule_id"]](what))
    ]
    return explained(findings, rows)


def explained(findings: Sequence[Finding], rows: Mapping[str, Row]) -> tuple[Finding, ...]:
    """The findings, each that another one causes marked with it: one mistake must not look like many.

    A cause that has a cause itself is passed over for that one.
    """
    failed = [finding for finding in findings if finding.result.outcome == "fail"]
    return tuple(replace(finding, explained_by=_root(finding, failed, rows)) for finding in findings)


def _root(finding: Finding, failed: Sequence[Finding], rows: Mapping[str, Row]) -> str:
    seen = [finding.rule_id]
    cause = _cause(finding, failed, rows)
    while cause is not None and cause.rule_id not in seen:
        seen.append(cause.rule_id)
        cause = _cause(cause, failed, rows)
    return seen[-1] if len(seen) > 1 else ""


def _cause(finding: Finding, failed: Sequence[Finding], rows: Mapping[str, Row]) -> Finding | None:
    if finding.result.outcome != "fail":
        return None
    own = _numbers(finding)
    causes = explanations_of(rows[finding.rule_id])
    found = (one for one in failed if one.rule_id in causes and (not own or own & _numbers(one)))
    return next(found, None)


def _numbers(finding: Finding) -> set[int]:
    """The numbers of a finding's claims: those of an identity do not know yet what was found about them."""
    return {claim.number for claim in finding.result.claims}


def _merged(results: Iterator[Result]) -> list[Result]:
    """One result for each mistake: a wrong figure that is stated twice is one mistake with two sentences."""
    merged: dict[tuple[object, ...], Result] = {}
    for result in results:
        key = (result.outcome, result.expected, result.found, *sorted(result.words.items()))
        seen = merged.get(key)
        merged[key] = _joined(seen, result) if seen else result
    return list(merged.values())


def _joined(one: Result, other: Result) -> Result:
    return replace(
        one,
        claims=tuple(dict.fromkeys((*one.claims, *other.claims))),
        claim_ids=tuple(dict.fromkeys((*one.claim_ids, *other.claim_ids))),
        passages=tuple(dict.fromkeys((*one.passages, *other.passages))),
        statements=tuple(dict.fromkeys((*one.statements, *other.statements))),
    )


def verdict_of(findings: Iterable[Finding]) -> str:
    """returned, accepted_with_findings or accepted."""
    return verdict_from({"severity": one.severity, "outcome": one.result.outcome} for one in findings)


def verdict_from(rows: Iterable[Mapping[str, str]]) -> str:
    """The verdict that rows of findings make: a failed P0 returns the report."""
    severities = {row["severity"] for row in rows if row["outcome"] == "fail"}
    if RETURNS in severities:
        return "returned"
    return "accepted_with_findings" if severities else "accepted"


def _graded(case: Case) -> list[int]:
    """Score and grade confirm each other when the grade is the score's."""
    scores, grades = case.of_kind("score", "self"), case.of_kind("grade", "self")
    if not scores or not grades or scores[-1].value is None:
        return []
    fits = grade_of(scores[-1].value, case.thresholds) == grades[-1].value_text
    return [scores[-1].number, grades[-1].number] if fits else []


def finding_of(row: Row, severity: str, result: Result) -> Finding:
    """A result in the words of the catalogue."""
    words = {"expected": result.expected, "found": result.found, **result.words}
    failed = result.outcome == "fail"
    return Finding(
        rule_id=row["rule_id"],
        severity=severity,
        result=result,
        message_zh=row["message_zh"].format(**words) if failed else "",
        message_en=row["message_en"].format(**words) if failed else "",
        remedy_zh=row["remedy_zh"] if failed else "",
        remedy_en=row["remedy_en"] if failed else "",
    )
