"""Judging reports among the others as they arrive: earlier versions, last year, peers, waivers, the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.acts import waiver_of, waivers_in_force
from ingest.channels.manifest import Declared
from ingest.checking.catalogue import parameters_for
from ingest.checking.history import History
from ingest.checking.profile import Profile
from ingest.checking.verdict import GRAVE, judge_filing, verdict_from
from ingest.identify import Directory, submission_id_of
from ingest.lake import Lake
from ingest.reading.grammar import read_table
from ingest.rows import finding_rows
from jiheng.settings import LOCAL_TIME

Rows = dict[str, list[dict[str, Any]]]
YEAR_OF = ("submission_version_id", "fiscal_year")


class Filings:
    """The filings that the lake knows of the years that matter to a batch; each new one is added as it is judged."""

    def __init__(
        self, lake: Lake, reference: Path, provinces: Mapping[str, str], directory: Directory, years: Iterable[int]
    ) -> None:
        wanted = sorted({year + offset for year in years for offset in (-1, 0)})
        self.lines = directory.lines
        self.history = History()
        for row in profiles_in(lake, wanted):
            self.know(row)
        self.acts = lake.read("act")
        self.due = {self.line_of(row): row["due_on"] for row in lake.read("due_submission")}
        self.reference, self.provinces = reference, provinces
        self.departments = directory.departments
        self.divisions = {division.division_key: division for division in directory.divisions}

    def know(self, row: Mapping[str, Any]) -> None:
        """Take in a version that was judged before, by its row of the lake's table `profile`."""
        self.history.add(self._in_its_line(Profile.from_row(row)))

    def judge(self, rows: Rows, sender_division: str | None, declared: Declared | None = None) -> None:
        """Judge one version among the others: adds findings to its rows and sets its verdict.

        `declared` is what the sender's manifest says of it.
        """
        [version], [row] = rows["submission_version"], rows["profile"]
        failed = frozenset(_failed(rows["finding"]))
        as_filed = replace(Profile.from_row(row), failed=failed)
        profile = self._in_its_line(as_filed)
        due_on = self.due.get((profile.department_key, profile.fiscal_year))
        if sender_division in {division for division, _ in self.lines.homes_of(profile.department_key)}:
            sender_division = profile.division_key  # the department has moved from one of the two to the other
        filing = self.history.filing(profile, self._parameters(profile), sender_division, due_on)
        names = {key: division.name for key, division in self.divisions.items()}
        filing = replace(filing, declared=self._in_our_names(declared, profile), names=names)
        first = len(rows["finding"]) + 1
        rows["finding"] += finding_rows(profile.submission_version_id, judge_filing(filing, self.reference), first)
        self._waive(rows["finding"], version, profile.received_at.astimezone(LOCAL_TIME).date())
        version["verdict"] = verdict_from(row for row in rows["finding"] if not row["waiver_id"])
        self.history.add(profile)
        rows["profile"] = [as_filed.row()]

    def line_of(self, row: Mapping[str, Any]) -> tuple[str, int]:
        """Whose report for which year a row is about: the department under its newest name."""
        return self.lines.newest(row["department_key"]), row["fiscal_year"]

    def _in_its_line(self, profile: Profile) -> Profile:
        """A profile under the department's newest name, so that its years and versions are found together."""
        key = self.lines.newest(profile.department_key)
        return replace(profile, department_key=key, submission_id=submission_id_of(key, profile.fiscal_year))

    def _in_our_names(self, declared: Declared | None, profile: Profile) -> Declared | None:
        """What was declared, in the report's own names where it means the same.

        A department that no register names is left out: the same one may be called in more than one way.
        """
        division = self.divisions.get(profile.division_key)
        if declared is None or division is None:
            return declared
        names = (division.division_key, division.name, *division.names)
        department = division.local_name(declared.department)
        return replace(
            declared,
            division=profile.division_key if declared.division in names else declared.division,
            department=division.short_name + department
            if department in self.departments.get(profile.division_key, ())
            else "",
        )

    def _parameters(self, profile: Profile) -> dict[str, Decimal]:
        table = read_table(self.reference / "rule_parameters.csv")
        return parameters_for(table, self.provinces.get(profile.division_key), profile.fiscal_year)

    def _waive(self, findings: Iterable[dict[str, Any]], version: Mapping[str, Any], on: date) -> None:
        waivers = waivers_in_force(self.acts, on)
        for finding in findings:
            waiver = waiver_of(finding, version, waivers) if finding["outcome"] == "fail" else None
            finding["waiver_id"] = waiver["act_id"] if waiver else None


def profiles_in(lake: Lake, years: Collection[int]) -> Iterable[dict[str, Any]]:
    """The latest profile of each version of some years, in the order in which the versions landed first."""
    if not years:
        return ()
    # One that was read again may be of another year now.
    year_of = {row["submission_version_id"]: row["fiscal_year"] for row in lake.read("profile", list(YEAR_OF))}
    rows = lake.read("profile", among=("fiscal_year", years))
    latest = {row["submission_version_id"]: row for row in rows}
    return [row for key, row in latest.items() if row["fiscal_year"] == year_of[key]]


def _failed(findings: Iterable[Mapping[str, Any]]) -> set[str]:
    return {row["rule_id"] for row in findings if row["outcome"] == "fail" and row["severity"] in GRAVE}
