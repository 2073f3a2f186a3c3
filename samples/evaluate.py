"""How well the reader and the checks do against the known truth of a generated province."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

# Which rules may rightly speak of a planted error of each kind.
RULES_OF_ERROR = {
    "sum_mismatch": {"A01"},
    "execution_rate_wrong": {"A02"},
    "completion_rate_wrong": {"B01"},
    "grade_without_score": {"E01"},
    "score_grade_mismatch": {"E02"},
    "target_drift": {"B02"},
    "partial_period": {"B04"},
    "forecast_as_actual": {"B05"},
    "missing_adjusted_budget": {"C01"},
    "over_130": {"B03"},
    "missed_growth_target": {"B06"},
    "unit_slip": {"A01", "A02", "A05", "A10"},
    "copy_paste": {"D01"},
    "missing_problems_section": {"C03"},
}
# Rules that speak of what a true report may well show: not every target is met. So does every note (P2).
INFORMATIVE = {"B06", "E04"}
NOTE = "P2"


@dataclass
class Score:
    """Counts of what was expected and what was found, with the misses in words."""

    expected: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Count one expectation."""
        self.expected += 1
        self.found += holds
        if not holds:
            self.misses.append(what)


def evaluate(
    truth: Path,
    versions: Iterable[Mapping[str, Any]],
    claims: Iterable[Mapping[str, Any]],
    findings: Iterable[Mapping[str, Any]],
    arrivals: Iterable[Mapping[str, Any]],
) -> dict[str, Score]:
    """Score the rows of a lake against `truth.json`: identity, money, indicators, figures of reports in borrowed words,
    quarantine, errors, alarms.
    """
    scores = {
        name: Score()
        for name in ("identity", "money", "indicators", "borrowed", "quarantine", "errors", "false_alarms")
    }
    by_source = {row["source_name"]: row for row in versions}
    received = {row["source_name"]: row for row in arrivals}
    claims_of, findings_of = _grouped(claims), _grouped(findings)
    for name, true in json.loads(truth.read_text(encoding="utf-8"))["files"].items():
        if true["expected_outcome"] == "quarantined":
            code = received[name]["reason_code"]
            scores["quarantine"].expect(code == true["reason_code"], f"{name}: {code} for {true['reason_code']}")
            continue
        version = by_source.get(name)
        scores["identity"].expect(_identified(version, true), name)
        if version is not None:
            key = version["submission_version_id"]
            if "told" in true:
                _score_borrowed(scores["borrowed"], name, true, claims_of.get(key, []))
                continue
            _score_money(scores["money"], name, true, claims_of.get(key, []))
            _score_indicators(scores["indicators"], name, true, claims_of.get(key, []))
            _score_findings(scores["errors"], scores["false_alarms"], name, true, findings_of.get(key, []))
    return scores


def _grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["submission_version_id"], []).append(row)
    return found


def _identified(version: Mapping[str, Any] | None, true: Mapping[str, Any]) -> bool:
    return version is not None and (
        version["division_key"] == true["division_key"]
        and version["department_name"].endswith(true["department_name"])
        and version["fiscal_year"] == true["fiscal_year"]
    )


def _score_money(score: Score, name: str, true: Mapping[str, Any], claims: list[Mapping[str, Any]]) -> None:
    planted = {row["place"]: row["stated"] for row in true["planted"]}
    groups = [("budget", "initial", true["budget"]["initial"]), ("expenditure", "actual", true["expenditure"])]
    if true["adjusted_budget_is_stated"]:
        groups.append(("budget", "adjusted", true["budget"]["adjusted"]))
    for kind, role, figures in groups:
        place = f"budget.{role}" if kind == "budget" else kind
        for category, value in figures.items():
            stated = planted.get(f"{place}.{category}") or value
            first = next((c for c in claims if (c["kind"], c["role"], c["subject"]) == (kind, role, category)), None)
            holds = first is not None and Decimal(first["value_base"]) == Decimal(stated)
            score.expect(holds, f"{name}: {kind} {role} {category} {stated}, read {first and first['quote']!r}")


def _score_indicators(score: Score, name: str, true: Mapping[str, Any], claims: list[Mapping[str, Any]]) -> None:
    for row in true["indicators"]:
        if row["indicator_key"] is None:
            continue
        kind = "growth" if row["style"] == "growth" else "indicator"
        mine = [c for c in claims if c["kind"] == kind and c["subject"] == row["indicator_key"]]
        role = "forecast" if row["actual_is"] == "forecast" else "actual"
        for expected_role, value in (("target", row["target"]), (role, row["actual"])):
            holds = any(c["role"] == expected_role and Decimal(value) in (c["value"], c["value_high"]) for c in mine)
            read = [(c["role"], c["quote"]) for c in mine]
            score.expect(holds, f"{name}: {row['surface']} {expected_role} {value}{row['unit']}, read {read}")


def _score_borrowed(score: Score, name: str, true: Mapping[str, Any], claims: list[Mapping[str, Any]]) -> None:
    """Every figure that borrowed words state was read with its value, wherever it stands."""
    values = {value for claim in claims for value in (claim["value"], claim["value_high"]) if value is not None}
    for row in true["told"]:
        holds = Decimal(row["value"]) in values
        score.expect(holds, f"{name}: {row['kind']} {row['role']} {row['value']}{row['unit']} ({true['writes_like']})")


def _score_findings(
    errors: Score, alarms: Score, name: str, true: Mapping[str, Any], findings: list[Mapping[str, Any]]
) -> None:
    failed = {row["rule_id"]: row for row in findings if row["outcome"] == "fail"}
    wanted: set[str] = set()
    for kind in true["error_kinds"]:
        wanted |= RULES_OF_ERROR[kind]
        errors.expect(bool(RULES_OF_ERROR[kind] & set(failed)), f"{name}: {kind} was not found")
    for rule_id, row in failed.items():
        if rule_id not in wanted | INFORMATIVE and row["severity"] != NOTE and not row["explained_by"]:
            alarms.expect(False, f"{name}: {rule_id} {row['message_zh']} (planted: {true['error_kinds']})")
    alarms.expect(True, name)
