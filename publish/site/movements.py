"""Why a unit's score and rank moved since the last edition: its causes in order, with the departments behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from publish.data import Edition, Row

Key = tuple[Any, ...]


class Movements:
    """The movements of the shown method, by unit and fiscal year."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._divisions = self._by(edition.division_movements, "division_key", "fiscal_year")
        self._departments = self._by(edition.department_movements, "department_key", "fiscal_year", "function")
        self._members = self._by(edition.movement_members, "division_key", "fiscal_year", "cause")

    def _by(self, found: Iterable[Row], *names: str) -> dict[Key, list[Row]]:
        groups: dict[Key, list[Row]] = {}
        for row in found:
            if row["method_id"] == self._edition.method_id:
                groups.setdefault(tuple(row[name] for name in names), []).append(row)
        return groups

    def divisions(self) -> list[tuple[Any, ...]]:
        """Division and fiscal year of each movement."""
        return sorted(self._divisions)

    def departments(self) -> list[tuple[Any, ...]]:
        """Department, fiscal year and function of each movement."""
        return sorted(self._departments)

    def of_division(self, division_key: str, year: int) -> Row | None:
        """A division's movement with the departments behind each cause; None where nothing moved."""
        rows = self._divisions.get((division_key, year), [])
        found = self._told(rows)
        if found is None:
            return None
        for cause in found["causes"]:
            cause["departments"] = self._members.get((division_key, year, cause["code"]), [])
        # Where a rank came or went no points can be told, but whose reports changed can.
        told = {cause["code"] for cause in found["causes"]}
        found["others"] = [
            {"code": code, **self._words(code), "departments": self._members[division_key, year, code]}
            for code in self._edition.movement_causes
            if code not in told and (division_key, year, code) in self._members
        ]
        return found

    def of_department(self, department_key: str, year: int, function: str) -> Row | None:
        """A department's movement under a function; None where nothing moved."""
        return self._told(self._departments.get((department_key, year, function), []))

    def _told(self, rows: list[Row]) -> Row | None:
        if not rows:
            return None
        ordered = sorted(rows, key=lambda row: self._edition.movement_causes[row["cause"]]["position"])
        first = ordered[0]
        causes = [
            {
                "code": row["cause"],
                **self._words(row["cause"]),
                "points": None if row["cause"] == "peers" else row["points"],
                "places": row["places"],
            }
            for row in ordered
        ]
        ends = ("is_split", "score_before", "score_now", "rank_before", "rank_now", "method_id", "method_before")
        own = first.get("own_cause")
        return {name: first[name] for name in ends} | {
            "causes": causes,
            "own": {"code": own, **self._words(own)} if own else None,
        }

    def _words(self, code: str) -> Row:
        words = self._edition.movement_causes[code]
        return {
            **{"name": words["zh"], "name_en": words["en"]},
            **{"explanation": words["explanation_zh"], "explanation_en": words["explanation_en"]},
        }
