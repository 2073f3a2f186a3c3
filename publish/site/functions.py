"""A function's page: the departments of that function ranked across divisions, whatever each bureau is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any

from publish.data import Row
from publish.site.book import Book

Key = tuple[Any, ...]


class Functions:
    """Department ranks of the shown method by function, fiscal year and province, and departments without any."""

    def __init__(self, book: Book) -> None:
        self._book = book
        groups: defaultdict[Key, list[Row]] = defaultdict(list)
        for found in book.department_ranks.values():
            for row in found:
                groups[row["function"], row["fiscal_year"], row["province_key"]].append(row)
        self._groups = dict(groups)
        self.keys = sorted({function for function, _, _ in groups})

    def index(self) -> Row:
        """The page of all functions: by year and province, each with its counts and the middle score; and the
        departments that owe or filed a report and are ranked under no function.
        """
        heads = sorted({key[1:] for key in self._groups} | set(self._without()), key=_newest_first)
        return {
            "sections": [
                {
                    "fiscal_year": year,
                    "province_key": province,
                    "rows": [
                        {"function": key, **_counted(self._groups[key, year, province])}
                        for key in self._in_order()
                        if (key, year, province) in self._groups
                    ],
                    "without": self._without().get((year, province), []),
                }
                for year, province in heads
            ]
        }

    def _in_order(self) -> list[str]:
        """Functions by name, the rest (其他) last."""
        return sorted(self.keys, key=lambda key: (key == "other", key))

    def _without(self) -> dict[Key, list[Row]]:
        """Filings of departments without a rank under any function, by year and province."""
        ranked = {(row["department_key"], row["fiscal_year"]) for found in self._groups.values() for row in found}
        groups: defaultdict[Key, list[Row]] = defaultdict(list)
        for row in self._book.edition.filings:
            if (row["department_key"], row["fiscal_year"]) not in ranked:
                groups[row["fiscal_year"], row["province_key"]].append(row)
        return dict(groups)

    def page(self, function: str) -> Row:
        """A function's page: a section per fiscal year and province, newest year first."""
        heads = sorted((key for key in self._groups if key[0] == function), key=lambda key: _newest_first(key[1:]))
        return {"key": function, "sections": [self._section(key) for key in heads]}

    def _section(self, key: Key) -> Row:
        _, year, province = key
        rows = [self._line(row) for row in self._groups[key]]
        ranked = sorted((row for row in rows if row["is_ranked"]), key=lambda row: (row["rank"], row["department_key"]))
        others = sorted((row for row in rows if not row["is_ranked"]), key=lambda row: row["department_key"])
        return {
            "fiscal_year": year,
            "province_key": province,
            "rows": ranked,
            "unranked": others,
            **_counted(rows),
        }

    def _line(self, row: Row) -> Row:
        """A rank with where its filing stands, and the rank that readers saw before under the method of then."""
        filed = self._book.filing_of(row["department_key"], row["fiscal_year"])
        movement = self._book.movements.of_department(row["department_key"], row["fiscal_year"], row["function"])
        before = row["previous_rank"]
        if movement and movement["method_before"] != row["method_id"]:
            before = movement["rank_before"]
        return row | {"previous_rank": before, "filing": filed, "status": filed["state"] if filed else "none_known"}


def _newest_first(head: Key) -> Key:
    return -head[0], str(head[1])


def _counted(rows: Iterable[Row]) -> Row:
    """How many departments, how many of them ranked, in how many divisions; their lowest, middle and highest score."""
    listed = list(rows)
    scores = sorted(row["score"] for row in listed if row["is_ranked"])
    return {
        "units": len(listed),
        "ranked_units": len(scores),
        "divisions": len({row["division_key"] for row in listed}),
        "median": median(scores) if scores else None,
        "lowest": scores[0] if scores else None,
        "highest": scores[-1] if scores else None,
    }
