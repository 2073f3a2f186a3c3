"""Grades of a score, by thresholds that are data (place and year)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ingest.checking.case import Threshold


def grade_of(score: Decimal, thresholds: Sequence[Threshold]) -> str | None:
    """The grade whose band holds the score: the lower bound belongs to it, so that 90 is 优 and 89.99 is 良."""
    if not thresholds or score < 0 or score > max(threshold.upper for threshold in thresholds):
        return None
    return next((t.grade for t in sorted(thresholds, key=lambda t: -t.lower) if score >= t.lower), None)


def thresholds_for(
    rows: Sequence[Mapping[str, str]], province_key: str | None, fiscal_year: int
) -> tuple[Threshold, ...]:
    """The bands in force for a province and a year: its own scheme before the general one, the newest first."""
    in_force = [
        row for row in rows if int(row["valid_from_year"]) <= fiscal_year and row["province_key"] in ("", province_key)
    ]
    if not in_force:
        return ()
    chosen = max(in_force, key=lambda row: (row["province_key"] == province_key, int(row["valid_from_year"])))
    return tuple(
        Threshold(row["grade"], Decimal(row["lower"]), Decimal(row["upper"]))
        for row in in_force
        if all(row[name] == chosen[name] for name in ("scheme_id", "province_key", "valid_from_year"))
    )
