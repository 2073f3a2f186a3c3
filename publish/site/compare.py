"""The page that compares divisions over the editions: all their data as one script, which loads from a folder too."""

from __future__ import annotations

import json
from typing import Any

from publish.data import Row
from publish.site.book import Book
from publish.site.trends import Trends

SCRIPT = "history.js"


def page(book: Book) -> Row:
    """The divisions to choose from, province by province, and the fiscal years that have ranks."""
    ranked = [row for found in book.ranks.values() for row in found]
    years = sorted({row["fiscal_year"] for row in ranked}, reverse=True)
    return {"division_keys": sorted({row["division_key"] for row in ranked}), "years": years}


def script(book: Book, trends: Trends) -> str:
    """The history as `history.js`: editions, and for each division and year the steps at which anything changed."""
    listed: dict[str, dict[str, list[list[Any]]]] = {}
    positions: dict[int, str] = {}
    for key, ranks in sorted(book.ranks.items()):
        years = {}
        for year in sorted({row["fiscal_year"] for row in ranks}):
            found = trends.of(key, year)
            positions |= {step["position"]: step["night_on"].isoformat() for step in found}
            years[str(year)] = [_step(step) for step in found if step["has_changed"]]
        listed[key] = years
    told = {"nights": dict(sorted(positions.items())), "divisions": listed}
    # What stands in a script could end it.
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.jihengHistory={text};\n"


def _step(step: Row) -> list[Any]:
    """Position, rank and score (to two decimals, as the pages show it) from this edition on; null without a rank."""
    score = None if step["score"] is None else float(round(step["score"], 2))
    return [step["position"], step["rank"], score]
