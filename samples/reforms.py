"""What a reform of the latest year makes of departments: renamed, merged, moved, split or ended, each kind in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from samples.model import Change, Department, Division
from samples.wording_data import province

# The homes of departments: each ranked division with its departments.
Homes = list[tuple[Division, list[Department]]]


def reformed(homes: Homes, share: Fraction, year: int) -> tuple[Homes, list[Change]]:
    """The homes as they are after the reform, and its changes; about `share` of the departments are concerned."""
    reform = _Reform(homes, year)
    number = 0
    for place, (_, departments) in enumerate(homes):
        for department in departments:
            number += not department.writes_like  # whose words name their own department, which must not change
            if takes_turn(number, share) and not department.writes_like and department in reform.homes[place]:
                reform.change(place, department)
    divisions = [division for division, _ in homes]
    return list(zip(divisions, reform.homes, strict=True)), reform.changes


def takes_turn(number: int, share: Fraction) -> bool:
    """Whether the one of this number is among those that a share takes, evenly spread."""
    return number * share // 1 > (number - 1) * share // 1


@dataclass
class _Reform:
    """The reform as it goes on: `homes` are the departments of each division by now."""

    before: Homes
    year: int
    homes: list[list[Department]] = field(init=False)
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.homes = [list(departments) for _, departments in self.before]
        self.on = date(self.year, **province()["reformed_on"])

    def change(self, place: int, department: Department) -> None:
        """Do that kind of change, of those that can be done to this department, which was done least so far."""
        kinds: dict[str, Callable[[int, Department], list[Change]]] = {
            "rename": self._rename,
            "merge": self._merge,
            "transfer": self._transfer,
            "split": self._split,
            "abolished": self._abolish,
        }
        done = Counter(change.kind for change in self.changes)
        for kind in sorted(province()["reforms"], key=lambda kind: done[kind]):
            made = kinds[kind](place, department)
            if made:
                self.changes += made
                return

    def _rename(self, place: int, department: Department) -> list[Change]:
        for old, new in province()["renamed_endings"].items():
            name = department.name.removesuffix(old) + new
            if department.name.endswith(old) and self._is_free(place, name):
                renamed = replace(department, name=name, formerly=department)
                return self._become("rename", place, department, renamed)
        return []

    def _merge(self, place: int, department: Department) -> list[Change]:
        ending = province()["town_ending"]
        others = [row for row in self.homes[place] if row.name.endswith(ending) and row not in self._touched()]
        if department not in others or len(others) < 2:
            return []
        other = next(row for row in others if row != department)
        name = department.name[0] + other.name[1 : -len(ending)] + department.name[1] + ending
        if not self._is_free(place, name):
            return []
        merged = replace(department, name=name)
        self.homes[place].remove(other)
        return [
            *self._become("merge", place, department, merged),
            Change("merge", other, merged, self.on),
        ]

    def _transfer(self, place: int, department: Department) -> list[Change]:
        division, _ = self.before[place]
        for target, (other, _) in enumerate(self.before):
            if target != place and other.parent_key == division.parent_key and self._is_free(target, department.name):
                moved = replace(department, division=other)
                self.homes[place].remove(department)
                self.homes[target].append(moved)
                return [Change("transfer", department, moved, self.on)]
        return []

    def _split(self, place: int, department: Department) -> list[Change]:
        ending = province()["town_ending"]
        name = province()["split_off"].format(stem=department.name.removesuffix(ending))
        if not department.name.endswith(ending) or not self._is_free(place, name):
            return []
        part = replace(department, name=name)
        self.homes[place].append(part)
        return [
            Change("split", department, department, self.on, is_principal=True),
            Change("split", department, part, self.on),
        ]

    def _abolish(self, place: int, department: Department) -> list[Change]:
        if not department.name.endswith(province()["town_ending"]):
            return []
        self.homes[place].remove(department)
        return [Change("abolished", department, None, self.on)]

    def _become(self, kind: str, place: int, before: Department, after: Department) -> list[Change]:
        self.homes[place][self.homes[place].index(before)] = after
        return [Change(kind, before, after, self.on)]

    def _is_free(self, place: int, name: str) -> bool:
        """Whether no department of the division bears this name or bore it before the reform."""
        return name not in {row.name for row in (*self.homes[place], *self.before[place][1])}

    def _touched(self) -> set[Department]:
        """Departments that the reform has changed, or made."""
        return {row for change in self.changes for row in (change.before, change.after) if row is not None}
