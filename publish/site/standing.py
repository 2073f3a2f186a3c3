"""Where a division stands in each scope and against the year before, and what a department's score is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from publish import labels
from publish.data import Edition, Row, Version
from publish.method import components

SCOPES = ("province", "league", "region")


class Standings:
    """Ranks of the shown method by scope and by improvement, found by division and year."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._scopes = self._by(edition.division_scopes)
        self._improvements = self._by(edition.division_improvements)
        self._components = [row for _, row in components(edition.method_tables, edition.method_id or "")]
        self._reasons = {row["code"]: row for row in edition.reasons}

    def _by(self, found: Iterable[Row]) -> dict[tuple[Any, ...], list[Row]]:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in found:
            if row["method_id"] == self._edition.method_id:
                groups.setdefault((row["division_key"], row["fiscal_year"]), []).append(row)
        return groups

    def scopes(self, division_key: str, year: int) -> list[Row]:
        """The division's rank in the province, its league and its region, with those from which it does not differ."""
        rows = sorted(self._scopes.get((division_key, year), []), key=lambda row: SCOPES.index(row["scope"]))
        return [
            row
            | {
                "name": self._scope_name(row),
                "others": [(key, self._edition.division_name(key)) for key in row["indistinct_from"] or ()],
            }
            for row in rows
            if row["is_ranked"]
        ]

    def _scope_name(self, row: Row) -> str:
        if row["scope"] == "province":
            return "全省"
        return labels.zh("league", row["scope_key"]) if row["scope"] == "league" else str(row["scope_key"])

    def improvement(self, division_key: str, year: int) -> Row | None:
        """How the division's score changed since the year before; None where that cannot be said."""
        row = next(iter(self._improvements.get((division_key, year), [])), None)
        if row is None or not row["is_ranked"]:
            return None
        return row | {"is_significant": row["improvement_low"] > 0 or row["improvement_high"] < 0}

    def components(self, facts: Version) -> list[Row]:
        """What each component of the method earned of a report, or why it cannot be assessed."""
        found = {row["component"]: row for row in facts.components if row["method_id"] == self._edition.method_id}
        return [
            dict(described)
            | found[described["component"]]
            | {"reason": self._reasons.get(found[described["component"]]["not_assessable_reason"])}
            for described in self._components
            if described["component"] in found
        ]
