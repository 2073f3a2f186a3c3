"""An edition's small tables, indexed the ways that the pages of divisions and departments ask for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from publish.data import Edition, Row
from publish.site import findings, views
from publish.site.movements import Movements
from publish.site.peers import Peers
from publish.site.standing import Standings
from publish.site.trends import Trends


class Book:
    """An edition's small tables, indexed the ways the unit pages ask for them."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.ranks = grouped(views.shown_ranks(edition), "division_key")
        shown = [row for row in edition.department_ranks if row["method_id"] == edition.method_id]
        self.department_ranks = grouped(shown, "department_key")
        self.submissions = grouped(edition.submissions, "department_key")
        self._filings = grouped(edition.filings, "department_key")
        self.filing_divisions = {(row["division_key"], row["fiscal_year"]): row for row in edition.filing_divisions}
        self.movements = Movements(edition)
        self.standings = Standings(edition)
        self.peers = Peers(edition)
        self.trends = Trends(edition)
        self.settlements = findings.Settlements.of(edition.acts)
        self.acts_on = grouped(edition.acts, "submission_id") | grouped(edition.acts, "submission_version_id")
        self.decisions = grouped(edition.acts, "refers_to")
        ranked = (row for row in views.shown_ranks(edition) if row["is_ranked"])
        self.league_sizes = Counter((row["province_key"], row["fiscal_year"], row["league"]) for row in ranked)
        departments = self._all_departments()
        self._departments = grouped(departments, "division_key")
        self._before = grouped((row for row in departments if row.get("succeeded_by")), "succeeded_by")
        # A division with neither rank nor department has nothing to show, and nothing links to it.
        self.division_keys = sorted(key for key in {*self.ranks, *self._departments} if key)

    def _all_departments(self) -> list[Row]:
        known = dict(self.edition.departments)
        for row in self.edition.submissions:
            if row["department_key"] and row["department_key"] not in known:
                known[row["department_key"]] = {"division_key": row["division_key"], "name": row["department_key"]}
        return [row | {"department_key": key} for key, row in sorted(known.items())]

    def departments_of(self, division_key: str) -> list[str]:
        """Keys of a division's departments, in order."""
        return [row["department_key"] for row in self._departments.get(division_key, [])]

    def departments_in(self, division_key: str, year: int) -> list[str]:
        """Those that have something of the year to show, or that were there under this name on its last day."""
        last_day = date(year, 12, 31)
        return [
            row["department_key"]
            for row in self._departments.get(division_key, [])
            if year in self.years_of([row["department_key"]]) or is_there(row, last_day)
        ]

    def names_before(self, department_key: str) -> list[str]:
        """Keys of the departments that this one succeeded."""
        return [row["department_key"] for row in self._before.get(department_key, [])]

    def years_of(self, department_keys: list[str]) -> list[int]:
        """Fiscal years these departments have a submission or a rank in, newest first."""
        found = [row for key in department_keys for row in self.submissions.get(key, [])]
        found += [row for key in department_keys for row in self.department_ranks.get(key, [])]
        found += [row for key in department_keys for row in self._filings.get(key, [])]
        return sorted({row["fiscal_year"] for row in found if row["fiscal_year"] is not None}, reverse=True)

    def current_version(self, department_key: str, year: int) -> Row | None:
        """The version that counts for a department's year; None where nothing was handed in."""
        found = (row for row in self.submissions.get(department_key, []) if row["fiscal_year"] == year)
        return next((row for row in found if row["is_current"]), None)

    def filing_of(self, department_key: str, year: int) -> Row | None:
        """Where the filing of a department's year stands; None where nothing is due and nothing came."""
        return next((row for row in self._filings.get(department_key, []) if row["fiscal_year"] == year), None)


def is_there(department: Row, day: date) -> bool:
    """Whether a department is in force on a day; where validity is unknown it is."""
    since, until = department.get("valid_from"), department.get("valid_to")
    return (since is None or since <= day) and (until is None or day <= until)


def grouped(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    """Rows by what they say under a name, each group in their order."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[name]].append(row)
    return dict(groups)
