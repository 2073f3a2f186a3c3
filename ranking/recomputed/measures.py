"""From published facts to the measure of each component of a report: what a method's curves look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from ranking.recomputed.exact import MEASURE, quotient, rounded

Row = dict[str, Any]
Measures = dict[str, Decimal]
# The columns of facts that name claims: what a report may be asked to prove.
CORE_CLAIMS = {
    "fct_budget": ["claim_id"],
    "fct_expenditure": ["claim_id", "stated_rate_claim_id"],
    "fct_indicator_outcome": ["target_claim_id", "actual_claim_id", "stated_rate_claim_id"],
    "fct_self_evaluation": ["score_claim_id", "grade_claim_id"],
}
# No curve looks beyond a thousandfold, and no rate is read below zero.
HIGHEST = Decimal(1000)
# A claim that no identity proves counts when the reader was at least so sure of it.
SURE = Decimal("0.5")


@dataclass(frozen=True)
class Verified:
    """How many of a report's core claims there are, and how many of them are verified."""

    core: int
    verified: int


@dataclass(frozen=True)
class Evidence:
    """What published facts say of every report, by the id of its version; the same for all methods."""

    execution: Measures
    completions: Mapping[str, Sequence[Decimal]]
    verified: Mapping[str, Verified]
    alike: Measures
    late: Measures
    contents: Mapping[str, frozenset[str]]
    self_scores: Measures


def rows(folder: Path, table: str, *columns: str, where: Sequence[tuple[str, str, Any]] | None = None) -> list[Row]:
    """The rows of a table of the edition, decimals as decimals; `where` as pyarrow's filters."""
    return pq.read_table(folder / f"{table}.parquet", columns=list(columns) or None, filters=where).to_pylist()  # type: ignore[no-any-return]


def evidence(folder: Path, filings: Sequence[Row]) -> Evidence:
    """Read the facts of an edition's Parquet folder; `filings` are its rows of `filing_overview`."""
    outcomes = rows(folder, "fct_indicator_outcome")
    own = rows(folder, "fct_self_evaluation", "submission_version_id", "self_score", "self_grade")
    return Evidence(
        execution=_execution(folder),
        completions=_completions(outcomes),
        verified=_verified(folder),
        alike=_alike(folder),
        late=_late(filings),
        contents=_contents(folder, outcomes, own),
        self_scores={
            row["submission_version_id"]: row["self_score"]
            for row in own
            if row["self_score"] is not None and 0 <= row["self_score"] <= 100
        },
    )


def _rate(value: Decimal) -> Decimal:
    return rounded(min(max(value, Decimal(0)), HIGHEST), MEASURE)


def _share(part: int, whole: int) -> Decimal:
    return quotient(part, whole, MEASURE) or Decimal(0)


def _execution(folder: Path) -> Measures:
    """Execution rates in total, where they are verified."""
    wanted = [("category", "==", "total"), ("verification", "==", "verified")]
    found = rows(folder, "fct_expenditure", "submission_version_id", "execution_rate", where=wanted)
    return {
        row["submission_version_id"]: _rate(row["execution_rate"]) for row in found if row["execution_rate"] is not None
    }


def _completions(outcomes: Iterable[Row]) -> dict[str, list[Decimal]]:
    """Completion rates of the indicators that are assessable and verified."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for row in outcomes:
        if row["is_assessable"] and row["verification"] == "verified":
            found[row["submission_version_id"]].append(_rate(row["completion_rate"]))
    return dict(found)


def _verified(folder: Path) -> dict[str, Verified]:
    """Core claims of each report. A claim that several facts rest on counts once."""
    used = [
        pd.read_parquet(folder / f"{table}.parquet", columns=[column])[column].dropna()
        for table, columns in CORE_CLAIMS.items()
        for column in columns
    ]
    core = pd.concat(used).drop_duplicates()
    names = ["claim_id", "submission_version_id", "verification"]
    claims = pd.read_parquet(folder / "fct_claim.parquet", columns=names)
    claims = claims[claims["claim_id"].isin(core)]
    by_report = (claims["verification"] == "verified").groupby(claims["submission_version_id"])
    counts = zip(by_report.size().items(), by_report.sum(), strict=True)
    return {str(version): Verified(int(core), int(proved)) for (version, core), proved in counts}


def _alike(folder: Path) -> Measures:
    """Of a report's indicators with targets, the share whose target is the same wherever it is stated."""
    names = ["submission_version_id", "indicator_key", "unit_base", "value_base", "value_high_base"]
    names += ["period_start", "period_end", "confidence", "verification"]
    wanted = [("kind", "==", "indicator"), ("role", "==", "target")]
    years = {
        row["submission_version_id"]: row["fiscal_year"]
        for row in rows(folder, "dim_submission", "submission_version_id", "fiscal_year")
    }
    stated: dict[str, dict[tuple[Any, Any], set[tuple[Any, Any]]]] = defaultdict(lambda: defaultdict(set))
    for row in rows(folder, "fct_claim", *names, where=wanted):
        version = row["submission_version_id"]
        if _is_target(row, years.get(version)):
            indicator = row["indicator_key"], row["unit_base"]
            stated[version][indicator].add((row["value_base"], row["value_high_base"]))
    return {
        version: _share(sum(len(values) == 1 for values in found.values()), len(found))
        for version, found in stated.items()
    }


def _is_target(claim: Row, year: int | None) -> bool:
    """Whether a claim states a target of a known indicator for the report's own year, surely enough."""
    if year is None or claim["indicator_key"] is None or claim["value_base"] is None:
        return False
    days = (claim["period_start"], claim["period_end"])
    is_sure = claim["verification"] == "verified" or (claim["confidence"] is not None and claim["confidence"] >= SURE)
    return is_sure and all(day is None or day.year == year for day in days)


def _late(filings: Iterable[Row]) -> Measures:
    """By how many days a report first came after its day; nothing where no day is known."""
    return {
        row["submission_version_id"]: Decimal(max((row["first_received_on"] - row["due_on"]).days, 0))
        for row in filings
        if row["submission_version_id"] and row["due_on"] and row["first_received_on"]
    }


def _contents(folder: Path, outcomes: Iterable[Row], own: Iterable[Row]) -> dict[str, frozenset[str]]:
    """Which contents that a method may require each report has."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "fct_budget", "submission_version_id", "stage", where=[("category", "==", "total")]):
        found[row["submission_version_id"]].add(f"{row['stage']}_budget")
    for row in rows(folder, "fct_expenditure", "submission_version_id", where=[("category", "==", "total")]):
        found[row["submission_version_id"]].add("expenditure")
    for row in outcomes:
        found[row["submission_version_id"]] |= {
            f"indicator_{role}" for role in ("target", "actual") if row[f"{role}_claim_id"] is not None
        }
    for row in own:
        found[row["submission_version_id"]] |= {name for name in ("self_score", "self_grade") if row[name] is not None}
    for row in rows(folder, "fct_statement", "submission_version_id", "kind"):
        found[row["submission_version_id"]].add(row["kind"])
    return {version: frozenset(contents) for version, contents in found.items()}
