"""Decides who owes a report, who files what and when, and which reports carry which error."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from samples import faults
from samples.figures import grade_of, make_indicators, make_money, score_form
from samples.model import Division, DueRow, Province, Report, Voice
from samples.places import make_departments, make_divisions, ranked
from samples.wording_data import phrases, province, random_for

FAMILIES_OF_BUDGET = ("within", "respectively", "bracket", "separate", "table")


def make_province(divisions: int, departments: int, years: int, errors: Decimal, seed: int) -> Province:
    """Divisions, due rows and reports with their planted errors; the same arguments give the same province."""
    places = make_divisions(divisions)
    owed = _owed(ranked(places), departments, years, seed)
    reports = _filed(owed, seed)
    _plant_errors(reports, errors, seed, [row.short_name for row in ranked(places)])
    _name_files(reports, seed)
    return Province(places, [row for row, _ in owed], reports)


def _owed(places: list[Division], departments: int, years: int, seed: int) -> list[tuple[DueRow, bool]]:
    """Every due row, and whether its division is one that hands in little."""
    data = province()
    latest = data["latest_fiscal_year"]
    rows = []
    for position, division in enumerate(places):
        kept = years if position % data["earlier_years_every"] == 0 else min(years, 1)
        is_thin = position % data["thin_division_every"] == data["thin_division_at"]
        for department in make_departments(division, departments, position, seed):
            for year in range(latest - kept + 1, latest + 1):
                due_on = date(year + 1, data["due"]["month"], data["due"]["day"])
                rows.append((DueRow(department, year, due_on), is_thin))
    return rows


def _filed(owed: list[tuple[DueRow, bool]], seed: int) -> list[Report]:
    data = province()
    first_year = min((row.fiscal_year for row, _ in owed), default=0)
    reports: list[Report] = []
    for number, (row, is_thin) in enumerate(owed):
        if (is_thin and number % 4 != 0) or number % data["missing_every"] == data["missing_every"] - 2:
            continue
        is_late = number % data["late_every"] == data["late_every"] - 1
        report = _report(row, 1, is_late, data["formats"][len(reports) % len(data["formats"])], first_year, seed)
        reports.append(report)
        if number % data["resubmitted_every"] == data["resubmitted_every"] - 3:
            again = _report(row, 2, is_late, "txt", first_year, seed)
            again.filled_on = report.filled_on + timedelta(days=5)
            reports.append(again)
    return reports


def _report(row: DueRow, version: int, is_late: bool, form: str, first_year: int, seed: int) -> Report:
    department, year = row.department, row.fiscal_year
    source = random_for(seed, department.key, year, "report")  # both versions tell the same truth
    voice = _voice(source)
    money = make_money(seed, department, year, first_year)
    made = make_indicators(source, department, voice.rate_decimals)
    total = score_form(money, made)
    score = total if form == "xlsx" else Decimal(source.randint(158, 196)) / 2
    days = source.randint(8, 40) if is_late else -source.randint(6, 24)
    filled_on = row.due_on + timedelta(days=days)
    voice = _voice(random_for(seed, department.key, year, version, "voice"), voice.rate_decimals)
    report = Report(department, year, filled_on, version, form, money, made, score, grade_of(score), voice)
    report.is_late = is_late
    report.duty_division = department.division.short_name
    return report


def _voice(source: Random, rate_decimals: int | None = None) -> Voice:
    words = phrases()
    return Voice(
        budget=source.choice(FAMILIES_OF_BUDGET),
        target=source.choice(list(words["targets"])),
        outcome=source.choice(list(words["outcomes"])),
        headings=source.choice(["guide", "guide", "guide", "results_last"]),
        result_parts=source.choice(list(words["result_parts"])),
        money_style=source.choice(["wan", "wan", "wan", "wan", "wan_thousands", "yuan"]),
        is_spaced=source.random() < 0.3,
        has_half_brackets=source.random() < 0.25,
        page_breaks=source.choice([0, 0, 1, 2]),
        is_double_spaced=source.random() < 0.5,
        rate_decimals=source.choice([0, 0, 1, 2]) if rate_decimals is None else rate_decimals,
    )


def _plant_errors(reports: list[Report], errors: Decimal, seed: int, names: list[str]) -> None:
    """One error in each of the chosen reports; first versions of resubmitted reports come first, second ones last."""
    source = random_for(seed, "errors")
    resubmitted = {(row.department.key, row.fiscal_year) for row in reports if row.version == 2}
    order = list(reports)
    source.shuffle(order)
    order.sort(key=lambda row: (row.version, (row.department.key, row.fiscal_year) not in resubmitted))
    wanted = int(len(reports) * errors)
    kinds = list(faults.FAULTS)
    turn = 0
    for report in order:
        if turn == wanted:
            return
        for step in range(len(kinds)):
            kind = kinds[(turn + step) % len(kinds)]
            if faults.plant(report, kind, source, names):
                kinds[turn % len(kinds)], kinds[(turn + step) % len(kinds)] = kind, kinds[turn % len(kinds)]
                turn += 1
                break


def _name_files(reports: list[Report], seed: int) -> None:
    """Some names tell all, some half, some nothing; none is used twice."""
    words = phrases()["file_names"]
    used: set[str] = set()
    for report in reports:
        source = random_for(seed, report.key, "name")
        chance = source.random()
        form = words["telling"] if chance < 0.45 else source.choice(words["half"] if chance < 0.75 else words["silent"])
        stem = form.format(department=report.department.title, bureau=report.department.name, year=report.fiscal_year)
        ending = report.format.split("-")[0]
        name, turn = f"{stem}.{ending}", 1
        while name in used:
            turn += 1
            name = f"{stem}({turn}).{ending}"
        used.add(name)
        report.file_name = name
