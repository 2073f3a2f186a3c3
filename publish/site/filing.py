"""How far the filing of reports has come: by fiscal year, by division, by day, and who is still awaited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from publish.data import Edition, Row

# The states that a filing passes through, in the order of the bar.
STATES = ("accepted", "returned", "overdue", "expected", "withdrawn")
SUMMED = ("received", *STATES, "mending_late", "beyond_register", "p0_open", "p1_open")
# From more names than this a division's row folds them, and from more rows than that a list of departments is folded.
MOST_NAMED, MOST_LISTED = 3, 30
# Days with filings that the chart shows, the last ones, and its size in pixels.
CHART_DAYS = 60
BAR_WIDTH, BAR_GAP, CHART_HEIGHT = 12, 3, 96
# A month's name needs the width of this many columns.
COLUMNS_A_LABEL = 4
PILED = ("taken", "returned", "quarantined")


def page(edition: Edition) -> Row:
    """The filing page: a section per fiscal year and province, newest year first, and what came in day by day."""

    def key(row: Row) -> tuple[int, str]:
        return -row["fiscal_year"], row["province_key"] or ""

    ordered = sorted(edition.filing_divisions, key=key)
    days = _days(edition.filing_days)
    return {
        "edition": edition,
        "states": STATES,
        "most_named": MOST_NAMED,
        "most_listed": MOST_LISTED,
        "sections": [_section(edition, list(found)) for _, found in groupby(ordered, key=key)],
        "days": days,
        "chart": chart(days[:CHART_DAYS][::-1]),
    }


def _section(edition: Edition, divisions: list[Row]) -> Row:
    year, province = divisions[0]["fiscal_year"], divisions[0]["province_key"]
    filings = [row for row in edition.filings if (row["fiscal_year"], row["province_key"]) == (year, province)]
    overdue = [row for row in filings if row["state"] == "overdue"]
    return {
        "fiscal_year": year,
        "province_key": province,
        "totals": totals(divisions),
        "divisions": [_division(row, overdue) for row in divisions],
        "overdue": sorted(overdue, key=lambda row: (-row["days_late"], row["division_key"], row["department_key"])),
        "returned": sorted((row for row in filings if row["state"] == "returned"), key=_by_mend_day),
    }


def _by_mend_day(row: Row) -> tuple[Any, ...]:
    return row["mend_by"], row["division_key"], row["department_key"]


def _division(row: Row, overdue: list[Row]) -> Row:
    return row | {
        "on_time_share": on_time_share([row]),
        "bar": bar(row),
        "overdue_departments": [one for one in overdue if one["division_key"] == row["division_key"]],
    }


def totals(divisions: Iterable[Row]) -> Row:
    """Sums over divisions of one year. `due` counts those with a register and is None where none has one."""
    listed = list(divisions)
    known = [row["due"] for row in listed if row["due"] is not None]
    sums: Row = {name: sum(row[name] for row in listed) for name in SUMMED}
    return sums | {
        "due": sum(known) if known else None,
        "without_register": len(listed) - len(known),
        "on_time_share": on_time_share(listed),
        "bar": bar(sums),
    }


def on_time_share(divisions: Iterable[Row]) -> Decimal | None:
    """Reports that first came by their day, of those that came or are overdue (1 = all); None where none was due."""
    known = [row for row in divisions if row["on_time_of"]]
    total = sum(row["on_time_of"] for row in known)
    return Decimal(sum(row["on_time"] for row in known)) / Decimal(total) if total else None


def bar(counts: Row) -> list[Row]:
    """The states as stretches of a bar 100 wide; states that nobody is in are left out."""
    total = sum(counts[state] for state in STATES)
    stretches, begin = [], Decimal(0)
    for state in STATES:
        if counts[state]:
            width = Decimal(100 * counts[state]) / total
            stretches.append({"state": state, "count": counts[state], "x": begin, "width": width})
            begin += width
    return stretches


def _days(rows: Iterable[Row]) -> list[Row]:
    """What came in on each day over all divisions, the newest day first."""
    days = []
    for received_on, found in groupby(rows, key=lambda row: row["received_on"]):
        counts: Counter[str] = Counter()
        for row in found:
            counts.update({name: row[name] for name in ("files", "resubmissions", "returned", "quarantined")})
        taken = counts["files"] - counts["returned"] - counts["quarantined"]
        days.append({"received_on": received_on, **counts, "taken": taken})
    return days


def chart(days: list[Row]) -> Row:
    """A column for each of these days: what was taken, returned and quarantined, piled up from the foot."""
    most = max((row["files"] for row in days), default=1)
    columns: list[Row] = []
    labelled = -COLUMNS_A_LABEL
    for place, row in enumerate(days):
        foot = Decimal(CHART_HEIGHT)
        parts = []
        for name in PILED:
            height = Decimal(CHART_HEIGHT * row[name]) / most
            foot -= height
            if row[name]:
                parts.append({"kind": name, "y": foot, "height": height})
        month = f"{row['received_on']:%Y-%m}"
        is_new = place == 0 or month != f"{days[place - 1]['received_on']:%Y-%m}"
        has_room = place - labelled >= COLUMNS_A_LABEL
        labelled = place if is_new and has_room else labelled
        label = month if labelled == place else ""
        columns.append({"x": place * (BAR_WIDTH + BAR_GAP), "parts": parts, "row": row, "label": label})
    width = max(len(days), COLUMNS_A_LABEL) * (BAR_WIDTH + BAR_GAP)
    return {"columns": columns, "width": width, "bar_width": BAR_WIDTH, "height": CHART_HEIGHT, "most": most}
