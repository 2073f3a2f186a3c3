"""The register of officers: who may do what about a publication, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.registers import LIST_MARK, OFFICERS, day_in, read_rows
from ingest.tables import Row

ACTS = ("override", "freeze", "waive")


class NotAuthorisedError(ValueError):
    """Somebody who is not registered for an act, or not on this day."""


@dataclass(frozen=True)
class Officer:
    """One entry: a person or office, by name and by the account under which Airflow knows them."""

    name: str
    account: str
    acts: frozenset[str]
    valid_from: date
    valid_to: date | None

    def may(self, act: str, day: date) -> bool:
        """Whether the entry covers an act on a day."""
        return act in self.acts and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def officers_in(directories: Iterable[Path]) -> list[Officer]:
    """Every entry of the registers `officers`. Raises `TableError` for a row that cannot be used, with its place."""
    return [_officer(row) for row in read_rows(directories, OFFICERS)]


def authorised(directories: Iterable[Path], who: str, act: str, day: date) -> Officer:
    """The entry that lets `who` (a name or an account) do the act on the day.

    Raises `NotAuthorisedError`: nobody may override, freeze or waive who is not registered, so without a register
    nobody may.
    """
    listed = officers_in(directories)
    found = [one for one in listed if who and who in (one.name, one.account)]
    for officer in found:
        if officer.may(act, day):
            return officer
    reason = (
        f"“{who}”登记的权限不含 {act}，或今天不在有效期内 · {who!r} is not registered for {act} on {day}"
        if found
        else f"officers 名册中没有“{who}” · {who!r} is not in the register of officers"
    )
    raise NotAuthorisedError(
        f"{reason}。请在名册 officers.csv 中登记（姓名、账号、权限、有效期） · register them in officers.csv"
    )


def _officer(row: Row) -> Officer:
    if not row["name"]:
        raise row.error("name", "不能为空，请填写", "it must not be empty")
    acts = frozenset(one.strip() for one in row["acts"].split(LIST_MARK) if one.strip())
    if not acts or not acts <= set(ACTS):
        raise row.error("acts", f"应为 {'、'.join(ACTS)}，用分号隔开", f"some of {', '.join(ACTS)}, with semicolons")
    since, until = day_in(row, "valid_from"), day_in(row, "valid_to") if row["valid_to"] else None
    return Officer(row["name"], row["account"], acts, since, until)
