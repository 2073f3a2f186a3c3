"""Ranks over the editions and over the fiscal years: what the sparklines and the charts of a division draw."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from publish.data import Edition, Row, rows
from publish.warehouse import opened, tables

Key = tuple[Any, ...]
# A sparkline and a chart show so many of the last editions; the table has them all.
EDITIONS_SHOWN = 90
FULL = Decimal(100)
STATES = """
SELECT h.* EXCLUDE (since_edition_id, since_as_of), e.position, e.edition_id, e.night_on
FROM main.rank_division_history AS h
JOIN main.edition_history AS e ON h.since_edition_id = e.edition_id
WHERE h.method_id = $1 ORDER BY h.division_key, h.fiscal_year, e.position
"""
EDITIONS = "FROM main.edition_history ORDER BY position"


class Trends:
    """The history of the shown method's ranks, found by division and fiscal year."""

    def __init__(self, edition: Edition) -> None:
        self._editions: list[Row] = []
        self._states: defaultdict[Key, list[Row]] = defaultdict(list)
        with opened(edition.path) as con:
            if {"edition_history", "rank_division_history"} <= set(tables(con)):
                self._editions = rows(con, EDITIONS)
                for row in rows(con, STATES, [edition.method_id]):
                    self._states[row["division_key"], row["fiscal_year"]].append(row)
        self._computed = {row["position"] for row in self._editions if edition.method_id in row["method_ids"]}
        self._years: defaultdict[str, list[Row]] = defaultdict(list)
        for rank in edition.division_ranks:
            if rank["method_id"] == edition.method_id:
                self._years[rank["division_key"]].append(rank)

    def of(self, division_key: str, year: int) -> list[Row]:
        """Where the division stood in each of the last editions, oldest first: its state, the edition and its night,
        and whether it changed then. An edition that did not compute the method, or did not list the division yet, has
        no rank, and so a gap.
        """
        states = {row["position"]: row for row in self._states.get((division_key, year), [])}
        found: list[Row] = []
        state: Row = {}
        for edition in self._editions:
            state = states.get(edition["position"], state)
            is_there = bool(state) and edition["position"] in self._computed and state["is_ranked"]
            found.append(
                {name: edition[name] for name in ("position", "edition_id", "night_on")}
                | {
                    name: state[name] if is_there else None
                    for name in ("rank", "rank_low", "rank_high", "score", "units", "league")
                }
                | {"has_changed": edition["position"] in states}
            )
        shown = found[-EDITIONS_SHOWN:]
        for first in shown[:1]:
            # What held before the window began stands in its first row.
            first["has_changed"] = True
        return shown

    def by_year(self, division_key: str) -> list[Row]:
        """The division's ranks by fiscal year as this edition has them, oldest first."""
        return sorted(self._years.get(division_key, []), key=lambda row: int(row["fiscal_year"]))


# Pixels: a sparkline, and the chart of ranks and scores.
SPARK_WIDTH, SPARK_HEIGHT = 84, 20
WIDTH, RANK_HEIGHT, SCORE_HEIGHT = 640, 150, 90
# More points than this would be a line of dots.
MOST_DOTS = 31


def sparkline(steps: list[Row]) -> Row | None:
    """Ranks as one stepped line, best at the top; None where fewer than two editions have a rank."""
    ranked = [row for row in steps if row["rank"] is not None]
    if len(ranked) < 2:
        return None
    best, worst = min(row["rank"] for row in ranked), max(row["rank"] for row in ranked)
    lines = _stretches(steps, "rank", SPARK_WIDTH, SPARK_HEIGHT, Decimal(best), Decimal(worst))
    return {
        "lines": lines,
        "end": lines[-1][-1] if steps[-1]["rank"] is not None else None,
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "first": ranked[0],
        "last": ranked[-1],
        "best": best,
        "worst": worst,
    }


def _stretches(
    steps: list[Row], name: str, width: int, height: int, top: Decimal, bottom: Decimal
) -> list[list[tuple[Decimal, Decimal]]]:
    """Unbroken runs of points; `top` is the value at the upper edge. A flat line lies in the middle."""
    span, last = bottom - top, max(len(steps) - 1, 1)
    runs: list[list[tuple[Decimal, Decimal]]] = []
    is_open = False
    for place, row in enumerate(steps):
        if row[name] is None:
            is_open = False
            continue
        x = Decimal(width * place) / last
        y = (row[name] - top) / span * height if span else Decimal(height) / 2
        if is_open:
            runs[-1].append((x, y))
        else:
            runs.append([(x, y)])
        is_open = True
    return runs


def chart(steps: list[Row]) -> Row | None:
    """The chart of a trend: above the rank with its 90 % band, best at the top; below the score. None without a rank.

    The steps may be editions or fiscal years; the axis holds every one of them, whether it has a rank or not.
    """
    ranked = [row for row in steps if row["rank"] is not None]
    if not ranked:
        return None
    # The axis of ranks ends at the size of the league, so that a small move looks small.
    worst = max(max(row.get("units") or row.get("ranked_units") or 1, row["rank_high"] or 1) for row in ranked)
    scores = [row["score"] for row in ranked if row["score"] is not None]
    low, high = _around(scores)
    ends = [
        _stretches(steps, name, WIDTH, RANK_HEIGHT, Decimal(1), Decimal(worst)) for name in ("rank_low", "rank_high")
    ]
    return {
        "ranks": _stretches(steps, "rank", WIDTH, RANK_HEIGHT, Decimal(1), Decimal(worst)),
        "bands": [better + worse[::-1] for better, worse in zip(*ends, strict=True)],
        "scores": _stretches(steps, "score", WIDTH, SCORE_HEIGHT, high, low),
        "has_dots": len(steps) <= MOST_DOTS,
        "worst": worst,
        "low": low,
        "high": high,
        "width": WIDTH,
        "rank_height": RANK_HEIGHT,
        "score_height": SCORE_HEIGHT,
        "steps": [
            {"x": Decimal(WIDTH * place) / max(len(steps) - 1, 1), "label": _label(row)}
            for place, row in enumerate(steps)
        ],
    }


def _around(scores: list[Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of the axis of scores, whole fives around all: a change of a hundredth looks like one."""
    if not scores:
        return Decimal(0), FULL
    low, high = min(scores) // 5 * 5, -(-max(scores) // 5) * 5
    return low, high if high > low else low + 5


def _label(step: Row) -> str:
    """Month and day of an edition's night, or the fiscal year."""
    return f"{step['night_on']:%m-%d}" if "night_on" in step else str(step["fiscal_year"])
