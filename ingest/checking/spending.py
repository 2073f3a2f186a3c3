"""What departments of a function spend, kept in order while reports arrive, so that no median walks over them all."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.checking.profile import SPENT, Profile

# A set of functions and a fiscal year.
Group = tuple[frozenset[str], int]


@dataclass
class Spending:
    """The expenditure of the latest version of each submission; a group is made when it is first asked for."""

    _of_year: dict[int, dict[str, tuple[frozenset[str], Decimal]]] = field(default_factory=lambda: defaultdict(dict))
    _ordered: dict[Group, list[Decimal]] = field(default_factory=dict)

    def add(self, profile: Profile) -> None:
        """Take a version in; it replaces the one before it."""
        functions, value = frozenset(profile.functions), profile.value(SPENT)
        known = self._of_year[profile.fiscal_year]
        if replaced := known.pop(profile.submission_id, None):
            for ordered in self._holding(replaced[0], profile.fiscal_year):
                del ordered[bisect_left(ordered, replaced[1])]
        if value is not None and value > 0:
            known[profile.submission_id] = functions, value
            for ordered in self._holding(functions, profile.fiscal_year):
                insort(ordered, value)

    def elsewhere(self, profile: Profile, own_division: Iterable[Profile]) -> list[Decimal]:
        """Amounts above zero, in order, of submissions with one of the profile's functions in other divisions."""
        functions, year = frozenset(profile.functions), profile.fiscal_year
        known = self._of_year[year]
        if (functions, year) not in self._ordered:
            amounts = (value for of, value in known.values() if of & functions)
            self._ordered[functions, year] = sorted(amounts)
        found = list(self._ordered[functions, year])
        for neighbour in own_division:
            of, value = known.get(neighbour.submission_id, (frozenset(), Decimal(0)))
            if of & functions:
                del found[bisect_left(found, value)]
        return found

    def _holding(self, functions: frozenset[str], year: int) -> list[list[Decimal]]:
        return [ordered for (of, when), ordered in self._ordered.items() if when == year and of & functions]
