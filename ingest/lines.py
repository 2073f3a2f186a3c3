"""Lines of departments (机构沿革): which department is meant once a reform renamed, merged, split, moved or ended one.

A department is known by its division and its name, so each new name is a department of its own. A rename or a transfer
only calls the same body otherwise: a fiscal year's report belongs to the name that was in force on the year's last day,
whichever of its names the report bears. What merges or splits becomes another body: its reports stay where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.tables import Row

RENAME, MERGE, SPLIT, TRANSFER, ABOLISHED, VOID = "rename", "merge", "split", "transfer", "abolished", "void"
KINDS = (RENAME, MERGE, SPLIT, TRANSFER, ABOLISHED, VOID)
# Changes after which the same body goes on.
CONTINUING = (RENAME, TRANSFER)
# What names one change: which department became which.
CHANGE_KEY = ("old_department_key", "new_department_key")

Change = Mapping[str, Any]
# A column, and how to mend it in Chinese and in English.
Wrong = tuple[str, str, str]


@dataclass(frozen=True)
class Step:
    """A department that goes on as another from a day on, or the other way round."""

    department_key: str
    on: date


@dataclass(frozen=True)
class Lines:
    """Departments that are one body under several names; `homes` are their divisions and names in them."""

    later: Mapping[str, Step] = field(default_factory=dict)
    earlier: Mapping[str, Step] = field(default_factory=dict)
    homes: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Change]) -> Lines:
        """The lines of the lake's rows of `department_change`, in the order they were landed."""
        changes = [row for row in standing(rows) if row["kind"] in CONTINUING]
        ends = [(row["old_department_key"], row["new_department_key"], row["changed_on"]) for row in changes]
        homes = {row["old_department_key"]: (row["division_key"], row["old_name"]) for row in changes}
        homes |= {row["new_department_key"]: (row["new_division_key"], row["new_name"]) for row in changes}
        return cls({old: Step(new, on) for old, new, on in ends}, {new: Step(old, on) for old, new, on in ends}, homes)

    def in_year(self, department_key: str, fiscal_year: int) -> str:
        """The department's key on the last day of a fiscal year."""
        last_day = date(fiscal_year, 12, 31)
        for steps, holds in ((self.earlier, last_day.__lt__), (self.later, last_day.__ge__)):
            for step in _walk(department_key, steps):
                if not holds(step.on):
                    break
                department_key = step.department_key
        return department_key

    def newest(self, department_key: str) -> str:
        """The department's key under its newest name."""
        return [department_key, *(step.department_key for step in _walk(department_key, self.later))][-1]

    def homes_of(self, department_key: str) -> list[tuple[str, str]]:
        """Division and name of every name that the department has had or has now; empty when it never changed."""
        keys = [step.department_key for steps in (self.earlier, self.later) for step in _walk(department_key, steps)]
        return [self.homes[key] for key in (department_key, *keys) if key in self.homes]


def _walk(department_key: str, steps: Mapping[str, Step]) -> Iterator[Step]:
    """Steps from a department on; a circle, which the reader of the register refuses, ends where it began."""
    seen = {department_key}
    while (step := steps.get(department_key)) and step.department_key not in seen:
        yield step
        department_key = step.department_key
        seen.add(department_key)


def standing(rows: Iterable[Change]) -> list[Change]:
    """The changes that hold: the latest row of each, those taken back left out."""
    latest = {_key(row): row for row in rows}
    return [row for row in latest.values() if row["kind"] != VOID]


def check_changes(placed: Sequence[tuple[Row, Change]], landed: Iterable[Change]) -> None:
    """Refuse changes that contradict each other or what the lake holds already, told at the row to mend.

    Raises `TableError`.
    """
    twice = [key for key, count in Counter(_key(change) for _, change in placed).items() if count > 1]
    ours = {_key(change) for _, change in placed}
    known = [row for row in standing(landed) if _key(row) not in ours]
    for row, change in placed:
        if _key(change) in twice:
            raise row.error("old_name", "同一变更只登记一行", "give one change in one row")
        if change["kind"] != VOID:
            _check(row, change, known)
            known.append(change)
    _check_splits(placed, known)


def _check(row: Row, change: Change, known: Sequence[Change]) -> None:
    """Refuse a change that does not go with those before it."""
    if is_end(change):
        ends = [one for one in known if is_end(one)]
        for wrong in (_ended_before(change, ends), _shares_its_name(change, ends), _disorder(change, ends)):
            if wrong:
                raise row.error(*wrong)


def _ended_before(change: Change, ends: Iterable[Change]) -> Wrong | None:
    for one in ends:
        if one["old_department_key"] == change["old_department_key"]:
            name = one["new_name"] or "—"
            return (
                "old_name",
                f"该部门已登记去向“{name}”，一个部门只能有一个去向；旧行有误的，请把它的 kind 改为 void",
                f"it has become {name!r} already; where that row is wrong, write void as its kind",
            )
    return None


def _shares_its_name(change: Change, ends: Iterable[Change]) -> Wrong | None:
    new = change["new_department_key"]
    sharing = [one for one in ends if new and one["new_department_key"] == new]
    if sharing and any(one["kind"] in CONTINUING for one in (*sharing, change)):
        return "kind", "多个部门变为同一名称，各行都应为 merge", "several become this department: all rows are merge"
    return None


def _disorder(change: Change, ends: Iterable[Change]) -> Wrong | None:
    """Changes that join this one must not run in a circle, and must follow each other in time."""
    after = {one["old_department_key"]: one for one in ends}
    old, new = _key(change)
    later = after.get(new) if new else None
    following, seen = later, {new}
    while following and following["new_department_key"] not in seen:
        seen.add(following["new_department_key"])
        following = after.get(following["new_department_key"])
    if old in seen:
        return (
            "new_name",
            "变更首尾相接成环；改回原名的，请把两次更名的行都改为 void",
            "the changes run in a circle; where an old name came back, write void as the kind of both rows",
        )
    before = [one["changed_on"] for one in after.values() if one["new_department_key"] == old]
    too_late = [day for day in before if day > change["changed_on"]]
    too_early = [later["changed_on"]] if later and later["changed_on"] < change["changed_on"] else []
    for day in (*too_late, *too_early):
        return "changed_on", f"与相接的变更（{day}）先后颠倒", f"the change that it joins is of {day}"
    return None


def _check_splits(placed: Sequence[tuple[Row, Change]], known: Iterable[Change]) -> None:
    """Refuse a split that does not say, once, which part carries the line on."""
    principals = Counter(
        (one["old_department_key"], one["changed_on"]) for one in known if one["kind"] == SPLIT and one["is_principal"]
    )
    for row, change in placed:
        if change["kind"] == SPLIT and principals[(change["old_department_key"], change["changed_on"])] != 1:
            raise row.error(
                "is_principal",
                "分设的各行中应有且只有一行写“是”，原部门保留的也写一行（新旧名称相同）",
                "of a split's rows exactly one says yes; where the old department stays, give it a row of its own",
            )


def is_end(change: Change) -> bool:
    """Whether a department ends by a change: not one that only gave off a part."""
    goes_on = change["kind"] != SPLIT or change["is_principal"]
    return bool(goes_on) and change["old_department_key"] != change["new_department_key"]


def _key(change: Change) -> tuple[str, str | None]:
    old, new = (change[name] for name in CHANGE_KEY)
    return old, new
