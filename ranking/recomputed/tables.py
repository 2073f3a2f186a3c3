"""From scores to the published rankings: one row for each unit of the tables `rank_*`, without intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ranking.recomputed.exact import quotient
from ranking.recomputed.measures import Evidence, Row, evidence, rows
from ranking.recomputed.scores import PARTS, Method, Score, division_score, methods, report_score

ACCEPTED = ("accepted", "accepted_with_findings")
NOT_RECEIVED = ("overdue", "withdrawn", "expected")
OTHER = "other"
Tables = dict[str, list[Row]]


def tables(folder: Path) -> Tables:
    """Every ranking of an edition, worked out from its Parquet folder."""
    filings = rows(folder, "filing_overview")
    found = evidence(folder, filings)
    departments = {row["department_key"]: row for row in rows(folder, "dim_department")}
    places = _places(rows(folder, "dim_division"), {(row["division_key"], row["fiscal_year"]) for row in filings})
    made: Tables = defaultdict(list)
    for method in methods(folder):
        reports = [_report(method, found, filing, places) for filing in filings]
        divisions = _divisions(method, reports)
        competing = [
            row | {"function": function, "line_key": departments[row["department_key"]]["line_key"]}
            for row in reports
            for function in departments[row["department_key"]]["functions"] or [OTHER]
        ]
        made["rank_department"] += ranked(competing, ["province_key", "fiscal_year", "function"])
        made["rank_division"] += ranked(divisions, ["province_key", "fiscal_year", "league"])
        scopes = [row for division in divisions for row in _scopes(division, places)]
        made["rank_division_scope"] += ranked(scopes, ["province_key", "fiscal_year", "scope", "scope_key"])
        in_leagues = [row | {"line_key": row["division_key"]} for row in divisions if row["league"] is not None]
        made["rank_division_improvement"] += _improvement(in_leagues, "division_key", "league")
        made["rank_department_improvement"] += _improvement(competing, "department_key", "function")
    return dict(made)


def _places(register: Iterable[Row], years: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Row]:
    """The row of the register that holds for a division's year: the last valid by the year's end, else the first."""
    by_division: dict[str, list[Row]] = defaultdict(list)
    for row in register:
        by_division[row["division_key"]].append(row)
    return {
        (division, year): min(by_division[division], key=lambda row: _distance(row["valid_from"], date(year, 12, 31)))
        for division, year in years
        if by_division[division]
    }


def _distance(valid_from: date, end: date) -> tuple[bool, int]:
    return valid_from > end, abs((valid_from - end).days)


def _report(method: Method, found: Evidence, filing: Row, places: Mapping[tuple[str, int], Row]) -> Row:
    """A department's year under a method: its score, or the reason why it has none."""
    is_received, is_accepted = filing["state"] not in NOT_RECEIVED, filing["state"] in ACCEPTED
    version = filing["submission_version_id"]
    score = report_score(method, found, version) if is_accepted else None
    proved = found.verified.get(version) if is_accepted else None
    reason = "nothing_assessable" if is_accepted else "returned" if is_received else "not_submitted"
    place = places.get((filing["division_key"], filing["fiscal_year"]), {})
    return {
        "method_id": method.method_id,
        **{name: filing[name] for name in ("fiscal_year", "division_key", "department_key", "has_register")},
        "province_key": place.get("province_key"),
        "league": place.get("league"),
        "is_member": filing["is_due"] or not filing["has_register"],
        "due": int(filing["is_due"]) if filing["has_register"] else None,
        "received": int(is_received),
        "accepted": int(is_accepted),
        "assessable": int(score is not None),
        "core": proved.core if proved else 0,
        "verified": proved.verified if proved else 0,
        **_outcome(score, None if score else reason),
    } | {"verified_share": quotient(proved.verified, proved.core, 6) if proved else None}


def _outcome(score: Score | None, reason: str | None) -> Row:
    """The columns of a score, or of the reason why there is none."""
    shown = score if reason is None else None
    return {
        "found": score,
        "score": shown.score if shown else None,
        **{f"{part}_score": shown.parts.get(part) if shown else None for part in PARTS},
        "is_ranked": reason is None,
        "unranked_reason": reason,
    }


def _divisions(method: Method, reports: Iterable[Row]) -> list[Row]:
    """A division's year under a method: the mean over its members, or the reason why it has none."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in reports:
        if row["is_member"]:
            groups[row["province_key"], row["fiscal_year"], row["division_key"], row["league"]].append(row)
    made = []
    for (province, year, division, league), members in groups.items():
        has_register = any(row["has_register"] for row in members)
        counts = {name: sum(row[name] for row in members) for name in ("received", "accepted", "assessable")}
        core, verified = sum(row["core"] for row in members), sum(row["verified"] for row in members)
        reason = _division_reason(method, counts, len(members), league, has_register)
        made.append(
            {
                **{"method_id": method.method_id, "province_key": province, "fiscal_year": year},
                **{"division_key": division, "league": league, "due": len(members) if has_register else None},
                **counts,
                "verified_share": quotient(verified, core, 6),
                **_outcome(division_score(method, [row["found"] for row in members]), reason),
            }
        )
    return made


def _division_reason(
    method: Method, counts: Mapping[str, int], members: int, league: str | None, has_register: bool
) -> str | None:
    """Why a division is not ranked; the first reason that holds."""
    if league is None:
        return "no_league"
    for count, reason in (
        ("received", "not_submitted"),
        ("accepted", "returned"),
        ("assessable", "nothing_assessable"),
    ):
        if counts[count] == 0:
            return reason
    below = has_register and counts["assessable"] < method.coverage_floor * members
    return "below_coverage_floor" if below else None


def _scopes(division: Row, places: Mapping[tuple[str, int], Row]) -> Iterable[Row]:
    place = places[division["division_key"], division["fiscal_year"]]
    for scope, column in (("province", "province_key"), ("league", "league"), ("region", "region_group")):
        if place[column] is not None:
            yield division | {"scope": scope, "scope_key": place[column]}


def _improvement(units: Sequence[Row], key: str, group: str) -> list[Row]:
    """Each unit's score beside that of the year before, its line's; two that have become one have no single one."""
    lines: dict[tuple[Any, int], dict[str, Row]] = defaultdict(dict)
    for row in units:
        lines[row["line_key"], row["fiscal_year"]][row[key]] = row
    made = []
    for row in units:
        before = list(lines.get((row["line_key"], row["fiscal_year"] - 1), {}).values())
        reason = _improvement_reason(row, before)
        then = before[0] if reason is None else None
        made.append(
            {
                **{name: row[name] for name in ("method_id", "province_key", "fiscal_year", group, key, "score")},
                "score_before": then["score"] if then else None,
                "improvement": row["score"] - then["score"] if then else None,
                "is_ranked": reason is None,
                "unranked_reason": reason,
            }
            | ({"department_key_before": then[key] if then else None} if key == "department_key" else {})
        )
    return ranked(made, ["province_key", "fiscal_year", group], "improvement")


def _improvement_reason(row: Row, before: Sequence[Row]) -> str | None:
    if not row["is_ranked"]:
        return "unranked"
    if len(before) != 1:
        return "several_before" if before else "no_year_before"
    return None if before[0]["is_ranked"] else "unranked_year_before"


def ranked(units: Sequence[Row], by: Sequence[str], value: str = "score") -> list[Row]:
    """Competition ranks (1-1-3) among the ranked units of each group: equal values share one, the next is skipped."""
    groups: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    for row in units:
        groups[tuple(row[name] for name in by)] += [row[value]] if row["is_ranked"] else []
    ranks = {group: _ranks(values) for group, values in groups.items()}
    sharing = {group: Counter(values) for group, values in groups.items()}
    made = []
    for row in units:
        group = tuple(row[name] for name in by)
        place = {"rank": None, "is_tied": False, "ranked_units": len(groups[group])}
        if row["is_ranked"]:
            place |= {"rank": ranks[group][row[value]], "is_tied": sharing[group][row[value]] > 1}
        made.append(row | place)
    return made


def _ranks(values: Iterable[Decimal]) -> dict[Decimal, int]:
    """The rank of each value: one more than there are greater ones."""
    ranks: dict[Decimal, int] = {}
    for position, value in enumerate(sorted(values, reverse=True), start=1):
        ranks.setdefault(value, position)
    return ranks
