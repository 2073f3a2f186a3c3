"""Self scores beside the evidence: by year and province, cohort by cohort, and the shape of both scores."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from publish import labels
from publish.data import Edition, Row

# Kinds of cohorts, in the order of their tables; the province itself is the section's head.
KINDS = ("league", "region", "function", "division")
# From more rows than this a list is folded.
MOST_LISTED = 30
# Pixels of the chart: a band, a half of its height, and the least number of bands to the left of 100 that it shows.
BAND_WIDTH, HALF_HEIGHT, LEAST_BANDS = 14, 84, 30
FULL_SCORE, TENS = 100, 10


def page(edition: Edition) -> Row:
    """The page of self scores and evidence: a section per fiscal year and province, newest year first."""
    heads = [row for row in shown(edition, edition.inflation_cohorts) if row["cohort_kind"] == "province"]
    ordered = sorted(heads, key=lambda row: (-row["fiscal_year"], row["province_key"]))
    return {
        "edition": edition,
        "method_id": edition.method_id,
        "bounds": {row["parameter"]: row["value"] for row in edition.inflation_bounds},
        "most_listed": MOST_LISTED,
        "sections": [_section(edition, head) for head in ordered],
    }


def shown(edition: Edition, rows: Iterable[Row]) -> list[Row]:
    """Rows of the method whose ranks the pages show."""
    return [row for row in rows if row["method_id"] == edition.method_id]


def _section(edition: Edition, head: Row) -> Row:
    def is_here(row: Row) -> bool:
        return (row["fiscal_year"], row["province_key"]) == (head["fiscal_year"], head["province_key"])

    cohorts = [row for row in shown(edition, edition.inflation_cohorts) if is_here(row)]
    departments = [row for row in shown(edition, edition.inflation_departments) if is_here(row)]
    bands = [
        row
        for row in shown(edition, edition.inflation_bands)
        if is_here(row) and row["cohort_key"] == head["cohort_key"]
    ]
    return {
        "fiscal_year": head["fiscal_year"],
        "head": head,
        "kinds": [{"kind": kind, "rows": _ordered(cohorts, kind)} for kind in KINDS if _ordered(cohorts, kind)],
        "described": [
            row for kind in ("province", *KINDS) for row in _ordered(cohorts, kind) if row["most_frequent"] is not None
        ],
        "above": _above(edition, departments),
        "chart": chart(bands),
        "bands": bands,
    }


def _ordered(cohorts: Iterable[Row], kind: str) -> list[Row]:
    """Cohorts of a kind, those that self-scoring puts ahead first; those too small to be compared last."""
    leagues = labels.codes("league")

    def place(row: Row) -> tuple[Any, ...]:
        league = leagues.index(row["league"]) if row["league"] in leagues else len(leagues)
        gained, gap = row["places_gained"], row["mean_gap"]
        return gap is None, league, -(gained or 0), -(gap or Decimal(0)), row["cohort_key"]

    return sorted((row for row in cohorts if row["cohort_kind"] == kind), key=place)


def _above(edition: Edition, departments: Iterable[Row]) -> list[Row]:
    """Departments whose self score is notably above the evidence, the largest gap first."""
    bound = next((row["value"] for row in edition.inflation_bounds if row["parameter"] == "gap.notable"), None)
    found = [row for row in departments if row["gap"] is not None and bound is not None and row["gap"] > bound]
    return sorted(found, key=lambda row: (-row["gap"], row["division_key"], row["department_key"]))


def chart(bands: list[Row]) -> Row:
    """Two columns back to back for each whole point: self scores upwards, evidence downwards from the same line.

    The axis begins at a ten, far enough below 100 to compare provinces, and at the lowest score where that is lower.
    """
    lowest = min((row["band"] for row in bands), default=FULL_SCORE)
    first = min(lowest, FULL_SCORE - LEAST_BANDS) // TENS * TENS
    most = max((max(row["by_self_score"], row["by_evidence"]) for row in bands), default=0) or 1
    columns = [
        {
            "x": (row["band"] - first) * BAND_WIDTH,
            "row": row,
            "up": Decimal(HALF_HEIGHT * row["by_self_score"]) / most,
            "down": Decimal(HALF_HEIGHT * row["by_evidence"]) / most,
        }
        for row in bands
    ]
    ticks = [{"x": (band - first) * BAND_WIDTH, "band": band} for band in range(first, FULL_SCORE + 1, TENS)]
    return {
        "columns": columns,
        "ticks": ticks,
        "grades": [
            {"x": column["x"], "grade": column["row"]["grade_from"]}
            for column in columns
            if column["row"]["grade_from"]
        ],
        "most": most,
        "width": (FULL_SCORE + 1 - first) * BAND_WIDTH,
        "half": HALF_HEIGHT,
        "bar": BAND_WIDTH - 3,
    }
