"""One indicator across all divisions and departments: how it was met, how far it is verified, and who says what.

Facts of accepted reports only, grouped in the warehouse: a province states a hundred thousand targets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from publish import labels
from publish.data import Edition, Row
from publish.warehouse import opened, tables

Key = tuple[Any, ...]
# From more outcomes than this a section lists some and leads to the table for the others.
MOST_LISTED = 200
# Tenths of completion in the chart; the last one holds all that is above.
LAST_BAND = 15
# What can be added up across divisions: things, people, money, lengths. Not ratios, concentrations, grades or days.
ADDITIVE = frozenset({"count", "person", "money", "usd", "mass", "length", "area", "volume", "energy"})
VERIFICATIONS = ("verified", "unverifiable", "contradicted")

OUTCOMES = """
CREATE TEMP TABLE outcome AS
WITH division AS (
  SELECT division_key, arg_max(province_key, coalesce(valid_from, DATE '0001-01-01')) AS province_key
  FROM main.dim_division GROUP BY ALL
)
SELECT
  o.indicator_key, s.fiscal_year, division.province_key, s.division_key, s.department_key, o.target_operator,
  coalesce(target.value_base, o.target_value) AS target_value,
  CASE WHEN target.value_base IS NULL THEN o.unit ELSE target.unit_base END AS target_unit,
  coalesce(actual.value_base, o.actual_value) AS actual_value,
  CASE WHEN actual.value_base IS NULL THEN o.unit ELSE actual.unit_base END AS actual_unit,
  o.completion_rate, o.is_assessable, o.not_assessable_reason, o.verification,
  o.verification = 'verified' AND o.completion_rate IS NOT NULL AS is_compared,
  o.verification = 'verified' AND o.actual_value IS NOT NULL AS has_value
FROM main.fct_indicator_outcome AS o
JOIN main.dim_submission AS s USING (submission_version_id)
LEFT JOIN division ON s.division_key = division.division_key
LEFT JOIN main.fct_claim AS target ON o.target_claim_id = target.claim_id
LEFT JOIN main.fct_claim AS actual ON o.actual_claim_id = actual.claim_id
WHERE s.is_current AND s.status IN ('accepted', 'accepted_with_findings')
"""
COUNTED = """
  count(DISTINCT department_key) AS departments, count(DISTINCT division_key) AS divisions,
  count(*) AS outcomes, count_if(verification = 'verified') AS verified,
  count_if(verification = 'unverifiable') AS unverifiable, count_if(verification = 'contradicted') AS contradicted,
  count_if(is_compared) AS compared,
  quantile_disc(completion_rate, [0.25, 0.5, 0.75]) FILTER (is_compared) AS quartiles,
  -quantile_disc(-completion_rate, 0.5) FILTER (is_compared) AS upper_middle
"""
SECTION = "indicator_key, fiscal_year, province_key"
SECTIONS = (
    f"SELECT {SECTION}, {COUNTED} FROM outcome GROUP BY ALL ORDER BY fiscal_year DESC, province_key, indicator_key"
)
DIVISIONS = f"""
SELECT {SECTION}, division_key, {COUNTED},
  min(actual_value) FILTER (has_value) AS low, max(actual_value) FILTER (has_value) AS high,
  CASE WHEN count(DISTINCT actual_unit) FILTER (has_value) = 1
  THEN any_value(actual_unit) FILTER (has_value) END AS unit
FROM outcome GROUP BY ALL ORDER BY division_key
"""
BANDS = f"""
SELECT {SECTION}, verification,
  least(greatest(floor(completion_rate * 10), 0), {LAST_BAND})::INTEGER AS band, count(*) AS outcomes
FROM outcome WHERE completion_rate IS NOT NULL GROUP BY ALL ORDER BY band, verification
"""
# Contradictions first, then what was verified with the least completion: what somebody should look at.
LISTED = f"""
WITH placed AS (
  SELECT *, row_number() OVER (
    PARTITION BY {SECTION}
    ORDER BY verification = 'contradicted' DESC, verification = 'verified' DESC, completion_rate NULLS LAST,
      department_key
  ) AS place FROM outcome
)
SELECT * EXCLUDE (place) FROM placed WHERE place <= {MOST_LISTED} ORDER BY division_key, department_key
"""


@dataclass(frozen=True)
class Outcomes:
    """What accepted reports state of indicators: counts, divisions, bands of completion and rows of each section, by
    indicator, fiscal year and province.
    """

    sections: list[Row]
    divisions: dict[Key, list[Row]]
    bands: dict[Key, list[Row]]
    listed: dict[Key, list[Row]]

    @property
    def keys(self) -> list[str]:
        """The indicators that any report states, sorted."""
        return sorted({row["indicator_key"] for row in self.sections})


def read(edition: Path) -> Outcomes:
    """Group an edition's outcomes. Raises duckdb.Error when its warehouse cannot be read."""
    with opened(edition) as con:
        if "fct_indicator_outcome" not in tables(con):
            return Outcomes([], {}, {}, {})
        con.execute(OUTCOMES)
        return Outcomes(
            sections=_with_median(_asked(con, SECTIONS)),
            divisions=_by_section(_with_median(_asked(con, DIVISIONS))),
            bands=_by_section(_asked(con, BANDS)),
            listed=_by_section(_asked(con, LISTED)),
        )


def _asked(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a query on this very connection: no other one sees its temporary table."""
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _with_median(found: list[Row]) -> list[Row]:
    """Quartiles are values that occur; the median of an even number lies between two of them, to the last digit."""
    for row in found:
        if row["quartiles"]:
            low, middle, high = row["quartiles"]
            row["quartiles"] = [low, (middle + row["upper_middle"]) / 2, high]
    return found


def _by_section(found: Iterable[Row]) -> dict[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in found:
        groups[_section_of(row)].append(row)
    return dict(groups)


def _section_of(row: Row) -> Key:
    return row["indicator_key"], row["fiscal_year"], row["province_key"]


def index(edition: Edition, outcomes: Outcomes) -> Row:
    """The page of all indicators: by year and province, those that reports state, by category, and the others."""
    heads = sorted(
        {(row["fiscal_year"], row["province_key"]) for row in outcomes.sections},
        key=lambda head: (-head[0], str(head[1])),
    )
    stated = set(outcomes.keys)
    return {
        "sections": [
            {
                "fiscal_year": year,
                "province_key": province,
                "categories": _categories(
                    edition,
                    [row for row in outcomes.sections if (row["fiscal_year"], row["province_key"]) == (year, province)],
                ),
            }
            for year, province in heads
        ],
        "unstated": [row for key, row in sorted(edition.indicators.items()) if key not in stated],
    }


def _categories(edition: Edition, found: list[Row]) -> list[Row]:
    groups: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in found:
        groups[edition.indicators.get(row["indicator_key"], {}).get("category")].append(row)
    order = labels.codes("indicator_category")
    ordered = sorted(groups, key=lambda code: (order.index(code) if code in order else len(order), str(code)))
    return [
        {"code": code, "rows": sorted(groups[code], key=lambda row: (-row["departments"], row["indicator_key"]))}
        for code in ordered
    ]


def page(edition: Edition, outcomes: Outcomes, key: str) -> Row:
    """An indicator's page: a section per fiscal year and province, newest year first."""
    row = edition.indicators.get(key, {"indicator_key": key, "name": key})
    is_additive = row.get("unit_family") in ADDITIVE and row.get("direction") != "growth"
    mine = [section for section in outcomes.sections if section["indicator_key"] == key]
    return {"key": key, "row": row, "sections": [_section(outcomes, head, is_additive) for head in mine]}


def _section(outcomes: Outcomes, head: Row, is_additive: bool) -> Row:
    divisions = outcomes.divisions.get(_section_of(head), [])
    listed = outcomes.listed.get(_section_of(head), [])
    return {
        **head,
        "divisions_listed": divisions,
        "totals": _totals(divisions) if is_additive else None,
        "chart": chart(outcomes.bands.get(_section_of(head), []), head["quartiles"]),
        "rows": listed,
        "left_out": head["outcomes"] - len(listed),
    }


def _totals(divisions: list[Row]) -> Row:
    """Sums of verified values, unit by unit. Two departments of a division may both tell of the same thing, so only
    divisions in which one alone states the indicator are added up; the others are counted.
    """
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    counts: defaultdict[str, int] = defaultdict(int)
    for row in divisions:
        if row["departments"] == 1 and row["low"] is not None and row["unit"]:
            sums[row["unit"]] += row["low"]
            counts[row["unit"]] += 1
    found = [{"unit": unit, "value": sums[unit], "divisions": counts[unit]} for unit in sorted(sums)]
    return {
        "rows": sorted(found, key=lambda row: (-counts[str(row["unit"])], str(row["unit"]))),
        "several": sum(row["departments"] > 1 for row in divisions),
        "unverified": sum(row["departments"] == 1 and row["low"] is None for row in divisions),
    }


# Pixels of the chart: a band's width, and the height of the longest column.
BAND_WIDTH, HEIGHT = 36, 96


def chart(bands: list[Row], quartiles: list[Decimal] | None) -> Row | None:
    """Outcomes by tenths of completion, verified below, unverifiable and contradicted upon it; None without any."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in bands:
        counts[row["band"]][row["verification"]] = row["outcomes"]
    if not counts:
        return None
    most = max(sum(found.values()) for found in counts.values())
    columns = []
    for band in range(LAST_BAND + 1):
        base = Decimal(0)
        stretches = []
        for code in VERIFICATIONS:
            height = Decimal(HEIGHT * counts[band].get(code, 0)) / most if band in counts else Decimal(0)
            base += height
            if height:
                stretches.append({"code": code, "y": HEIGHT - base, "height": height})
        columns.append({"x": band * BAND_WIDTH, "band": band, "stretches": stretches, "counts": counts.get(band, {})})
    # Where a quartile lies on the axis, which ends at one and a half.
    marks = [min(max(value * 10, Decimal(0)), Decimal(LAST_BAND)) * BAND_WIDTH for value in quartiles or ()]
    width = (LAST_BAND + 1) * BAND_WIDTH
    return {"columns": columns, "most": most, "quartiles": marks, "width": width, "height": HEIGHT, "bar": BAND_WIDTH}
