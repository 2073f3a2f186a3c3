"""From measures to scores: of reports by a method's curves, points and weights, of divisions as means over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ranking.recomputed.exact import EXACT, MEASURE, SCORE, SHARE, Curve, on_curve, quotient, rounded, total
from ranking.recomputed.measures import Evidence, Row, rows

# The parts that show what was done: a report of which neither can be assessed has no score.
SHOWN = ("execution", "outcome")
PARTS = ("execution", "outcome", "reliability", "completeness")


@dataclass(frozen=True)
class Method:
    """The rows of one method: floor, missing score, weights of parts, points of components, curves, required facts."""

    method_id: str
    coverage_floor: Decimal
    missing_score: Decimal
    unassessed_share: Decimal | None
    weights: Mapping[str, Decimal]
    points: Mapping[str, Mapping[str, Decimal]]
    curves: Mapping[str, Curve]
    required: frozenset[str]


@dataclass(frozen=True)
class Score:
    """What a report or a division earned: the score, and each part's points (None where it cannot be assessed)."""

    score: Decimal
    parts: Mapping[str, Decimal | None]


def methods(folder: Path) -> list[Method]:
    """The methods that an edition ranks by: the official one and those on trial."""
    own: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in ("parts", "components", "curves")}
    for name, by_method in own.items():
        for row in rows(folder, f"ranking_method_{name}"):
            by_method[row["method_id"]].append(row)
    required = rows(folder, "ranking_required_facts", "method_id", "fact")
    return [
        Method(
            method_id=row["method_id"],
            coverage_floor=row["coverage_floor"],
            missing_score=row["missing_score"],
            unassessed_share=row["unassessed_share"],
            weights={part["part"]: part["weight"] for part in own["parts"][row["method_id"]]},
            points=_points(own["components"][row["method_id"]]),
            curves=_curves(own["curves"][row["method_id"]]),
            required=frozenset(fact["fact"] for fact in required if fact["method_id"] == row["method_id"]),
        )
        for row in sorted(rows(folder, "ranking_methods"), key=lambda row: str(row["method_id"]))
        if row["status"] in ("official", "trial")
    ]


def _points(components: Sequence[Row]) -> dict[str, dict[str, Decimal]]:
    points: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in components:
        points[row["part"]][row["component"]] = row["points"]
    return dict(points)


def _curves(points: Sequence[Row]) -> dict[str, Curve]:
    curves: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for row in sorted(points, key=lambda row: (row["component"], row["measure"])):
        curves[row["component"]].append((row["measure"], row["share"]))
    return dict(curves)


def report_score(method: Method, found: Evidence, version: str) -> Score | None:
    """The score of an accepted report; None where neither execution nor outcome can be assessed."""
    earned = _earned(method, found, version)
    assessed = {part: _weighed(points, earned) for part, points in method.points.items()}
    if all(assessed.get(part) is None for part in SHOWN):
        return None
    counted = {
        part: method.unassessed_share if assessed.get(part) is None else assessed[part] for part in method.weights
    }
    whole = total(list(method.weights.values()))
    shared_out = total([method.weights[part] for part, value in counted.items() if value is not None])
    worth = {
        part: EXACT.multiply(EXACT.multiply(method.weights[part], value), whole)
        for part, value in counted.items()
        if value is not None
    }
    score = quotient(total(list(worth.values())), shared_out, SCORE)
    parts = {part: quotient(worth[part], shared_out, SCORE) if part in worth else None for part in method.weights}
    return None if score is None else Score(score, parts)


def _earned(method: Method, found: Evidence, version: str) -> dict[str, Decimal]:
    """The share that a report earns of each component; components that cannot be assessed are left out."""
    measured: dict[str, Decimal] = {}
    if version in found.execution:
        measured["execution_rate"] = found.execution[version]
    if proved := found.verified.get(version):
        measured["verified_share"] = quotient(proved.verified, proved.core, MEASURE) or Decimal(0)
    if version in found.alike:
        measured["targets_without_drift"] = found.alike[version]
    if version in found.late:
        measured["timeliness"] = found.late[version]
    if method.required:
        present = len(method.required & found.contents.get(version, frozenset()))
        measured["required_facts"] = quotient(present, len(method.required), MEASURE) or Decimal(0)
    earned = {name: on_curve(method.curves[name], measure) for name, measure in measured.items()}
    if version in found.completions:
        shares = [on_curve(method.curves["completion"], rate) for rate in found.completions[version]]
        earned["completion"] = quotient(total(shares), len(shares), SHARE) or Decimal(0)
    if (gap := _gap(method, found, version, earned)) is not None:
        earned["self_score_fits"] = on_curve(method.curves["self_score_fits"], gap)
    return earned


def _gap(method: Method, found: Evidence, version: str, earned: Mapping[str, Decimal]) -> Decimal | None:
    """How far the self score lies from what execution and outcome show, by the weights of these two parts."""
    shares = {"execution": earned.get("execution_rate"), "outcome": earned.get("completion")}
    weights = {part: method.weights[part] for part, share in shares.items() if share is not None}
    own = found.self_scores.get(version)
    shown = _weighed(weights, {part: share for part, share in shares.items() if share is not None})
    return None if own is None or shown is None else rounded(abs(EXACT.scaleb(own, -2) - shown), MEASURE)


def _weighed(weights: Mapping[str, Decimal], shares: Mapping[str, Decimal]) -> Decimal | None:
    """The mean of the shares there are, by their weights; None without any."""
    known = [name for name in weights if name in shares]
    worth = total([EXACT.multiply(weights[name], shares[name]) for name in known])
    return quotient(worth, total([weights[name] for name in known]), SHARE)


def division_score(method: Method, members: Sequence[Score | None]) -> Score | None:
    """The mean over a division's members; one without a score counts with the method's score for the missing."""
    there = [member for member in members if member is not None]
    missing = EXACT.multiply(method.missing_score, Decimal(len(members) - len(there)))
    score = quotient(total([member.score for member in there]) + missing, len(members), SCORE)
    parts: dict[str, Decimal | None] = {}
    for part in method.weights:
        known = [value for member in there if (value := member.parts[part]) is not None]
        parts[part] = quotient(total(known), len(members), SCORE) if known else None
    return None if score is None else Score(score, parts)
