"""Decides who owes a report, who files what and when, and which reports carry which error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from samples import faults
from samples.borrowed import borrowed_text, borrowers
from samples.figures import grade_of, make_indicators, make_money, score_form
from samples.model import Borrowed, Department, Division, DueRow, Filing, Province, Report, Voice
from samples.places import make_departments, make_divisions, ranked
from samples.reforms import Homes, reformed, takes_turn
from samples.wording_data import mix, phrases, province, random_for

FAMILIES_OF_BUDGET = ("within", "respectively", "bracket", "separate", "table")


# The only format of a score form, which borrowed words do not fill; they come as text instead.
FORM, TEXT = "xlsx", "txt"


@dataclass(frozen=True)
class Sizes:
    """How large a province is, what share of its reports (0 to 1) carries an error, and what it is mixed of."""

    divisions: int
    departments: int
    years: int
    errors: Decimal
    seed: int
    mix: str = "sample"


def make_province(sizes: Sizes) -> Province:
    """Divisions, due rows and reports with their planted errors; the same sizes give the same province."""
    shares, places = mix(sizes.mix), make_divisions(sizes.divisions)
    before = _homes(ranked(places), sizes, shares)
    after, changes = reformed(before, Fraction(shares["reorganised"]), province()["latest_fiscal_year"])
    owed = _owed(before, after, sizes.years, shares)
    made = Province(places, [row for row, _ in owed], changes, _filed(owed, shares, sizes.seed))
    _plant_errors(made.reports, sizes.errors, sizes.seed, [row.short_name for row in ranked(places)])
    _name_files(made.filings, sizes.seed)
    return made


def _homes(places: list[Division], sizes: Sizes, shares: dict[str, Any]) -> Homes:
    """The departments of every ranked division; so many of each write in borrowed words."""
    homes = []
    for position, division in enumerate(places):
        own = make_departments(division, sizes.departments, position, sizes.seed)
        borrowing = borrowers(division, shares["borrowed_a_division"], position, {row.name for row in own})
        homes.append((division, own[: sizes.departments - len(borrowing)] + borrowing))
    return homes


def _owed(before: Homes, after: Homes, years: int, shares: dict[str, Any]) -> list[tuple[DueRow, bool]]:
    """Every due row, and whether its division is one that hands in little; the latest year comes after the reform."""
    latest = province()["latest_fiscal_year"]
    rows = []
    for position, ((_, old), (_, new)) in enumerate(zip(before, after, strict=True)):
        kept = years if position % shares["earlier_years_every"] == 0 else min(years, 1)
        is_thin = position % shares["thin_division_every"] == shares["thin_division_at"]
        earlier = range(latest - kept + 1, latest)
        if old == new:
            due = [DueRow(department, year, _due_on(year)) for department in old for year in (*earlier, latest)]
        else:
            due = [DueRow(department, year, _due_on(year)) for department in old for year in earlier]
            due += [DueRow(department, latest, _due_on(latest)) for department in new]
        rows += [(row, is_thin) for row in due]
    return rows


def _due_on(fiscal_year: int) -> date:
    return date(fiscal_year + 1, **province()["due"])


def _filed(owed: list[tuple[DueRow, bool]], shares: dict[str, Any], seed: int) -> list[Filing]:
    first_year = min((row.fiscal_year for row, _ in owed), default=0)
    formats, formats_again = shares["formats"], shares["formats_again"]
    filings: list[Filing] = []
    resubmitted = 0
    for number, (row, is_thin) in enumerate(owed):
        if (is_thin and number % 4 != 0) or number % shares["missing_every"] == shares["missing_every"] - 2:
            continue
        is_late = number % shares["late_every"] == shares["late_every"] - 1
        filing = _filing(row, 1, is_late, formats[len(filings) % len(formats)], first_year, seed)
        filings.append(filing)
        if takes_turn(number + 3, Fraction(shares["resubmitted"])):
            again = _filing(row, 2, is_late, formats_again[resubmitted % len(formats_again)], first_year, seed)
            again.filled_on = filing.filled_on + timedelta(days=5)
            filings.append(again)
            resubmitted += 1
    return filings


def _filing(row: DueRow, version: int, is_late: bool, form: str, first_year: int, seed: int) -> Filing:
    """One version of a due report; the first one bears the name that a reform has taken from its writer since."""
    writer = (row.department.formerly if version == 1 else None) or row.department
    if writer.writes_like:
        return _borrowed(row, version, is_late, TEXT if form == FORM else form, seed)
    return _report(replace(row, department=writer), row.department, version, is_late, form, first_year, seed)


def _filled_on(source: Random, row: DueRow, is_late: bool) -> date:
    return row.due_on + timedelta(days=source.randint(8, 40) if is_late else -source.randint(6, 24))


def _borrowed(row: DueRow, version: int, is_late: bool, form: str, seed: int) -> Borrowed:
    source = random_for(seed, row.department.key, row.fiscal_year, "borrowed", version)
    lines, told = borrowed_text(row.department, row.fiscal_year, source)
    return Borrowed(
        department=row.department,
        owed_by=row.department,
        fiscal_year=row.fiscal_year,
        filled_on=_filled_on(source, row, is_late),
        version=version,
        format=form,
        is_late=is_late,
        lines=lines,
        told=told,
    )


def _report(
    row: DueRow, owed_by: Department, version: int, is_late: bool, form: str, first_year: int, seed: int
) -> Report:
    department, year = row.department, row.fiscal_year
    source = random_for(seed, department.key, year, "report")  # both versions tell the same truth
    voice = _voice(source)
    money = make_money(seed, department, year, first_year)
    made = make_indicators(source, department, voice.rate_decimals)
    total = score_form(money, made)
    score = total if form == FORM else Decimal(source.randint(158, 196)) / 2
    filled_on = _filled_on(source, row, is_late)
    voice = _voice(random_for(seed, department.key, year, version, "voice"), voice.rate_decimals)
    return Report(
        department=department,
        owed_by=owed_by,
        fiscal_year=year,
        filled_on=filled_on,
        version=version,
        format=form,
        is_late=is_late,
        money=money,
        indicators=made,
        score=score,
        grade=grade_of(score),
        voice=voice,
        duty_division=department.division.short_name,
    )


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


def _name_files(filings: list[Filing], seed: int) -> None:
    """Some names tell all, some half, some nothing; none is used twice."""
    words = phrases()["file_names"]
    used: set[str] = set()
    for report in filings:
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
