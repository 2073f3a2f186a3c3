"""Final years (定稿): an edition is declared final for a fiscal year; what differs later is a revision (修订).

Nothing is overwritten: the frozen edition stays where it is, under its own address, and every later edition says for
each final year whether it still says the same, or which revision it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from publish.acts import acting
from publish.editions import MANIFEST_NAME, PublicationError
from publish.records import history, published_ids, record
from publish.warehouse import WAREHOUSE_NAME, columns, literal, quoted

RANKS = ("rank_division", "rank_department")
# What an edition says about itself or about the one before it; two editions may say the same of a year without it.
OF_THE_EDITION = frozenset({"edition_id", "previous_rank"})

Final = dict[str, Any]


def freeze(editions: Path, fiscal_year: int, event: Mapping[str, Any], edition_id: str | None = None) -> Final:
    """Declare an edition (by default the current one) final for a year, and give the record of it.

    `event` carries who and why. A year that is final already takes a later edition as its new final one, by its number
    of revision; the earlier one stays. Raises PublicationError for an edition that is not published or that has no
    ranks for the year.
    """
    with acting(editions):
        standing = published_ids(editions)
        frozen = edition_id or (standing[-1] if standing else None)
        if frozen is None or frozen not in standing or not (editions / frozen).is_dir():
            raise PublicationError(f"没有已发布的这一期 · there is no published edition {frozen or ''}".rstrip())
        if not _has_ranks(editions / frozen, fiscal_year):
            raise PublicationError(f"{frozen} 没有 {fiscal_year} 年度的排名 · it has no ranks for {fiscal_year}")
        if _frozen(editions).get(str(fiscal_year), {}).get("edition_id") == frozen:
            raise PublicationError(f"{frozen} 已是 {fiscal_year} 年度定稿 · it is the final edition already")
        revision = _finals_in(editions / frozen).get(str(fiscal_year), {}).get("revision", 0)
        about = {"fiscal_year": fiscal_year, "edition_id": frozen, "revision": revision}
        return record(editions, {"event": "freeze", **about, **event})


def finals_of(editions: Path, edition: Path, previous: Path | None) -> dict[str, Final]:
    """For each final year: the frozen edition, since when and by whom, and which revision `edition` is of it.

    `revision` is the frozen edition's own number (0 at first) where the ranks of the year are the same, the number of
    the `previous` edition where they are the same as there, else the next number.
    """
    return {year: _final(editions, edition, previous, year, event) for year, event in _frozen(editions).items()}


def _final(editions: Path, edition: Path, previous: Path | None, year: str, event: Mapping[str, Any]) -> Final:
    return {
        "edition_id": event["edition_id"],
        "frozen_on": event["at"],
        "who": event.get("who"),
        "revision": _revision(editions, edition, previous, year, event),
    }


def _revision(editions: Path, edition: Path, previous: Path | None, year: str, frozen: Mapping[str, Any]) -> int:
    if same_ranks(editions / str(frozen["edition_id"]), edition, int(year)):
        return int(frozen["revision"])
    before = _finals_in(previous).get(year) if previous else None
    if previous and before and same_ranks(previous, edition, int(year)):
        return int(before["revision"])
    known = [int(line.get("finals", {}).get(year, 0)) for line in history(editions)]
    return 1 + max([*known, int(frozen["revision"])])


def same_ranks(one: Path, other: Path, fiscal_year: int) -> bool:
    """Whether two editions rank a year alike, by every method of the first, to the last decimal."""
    con = duckdb.connect()
    try:
        for name, edition in (("one", one), ("other", other)):
            con.execute(f"ATTACH {literal(str(edition / WAREHOUSE_NAME))} AS {name} (READ_ONLY)")
        return all(_same(con, table, fiscal_year) for table in RANKS)
    finally:
        con.close()


def _same(con: duckdb.DuckDBPyConnection, table: str, fiscal_year: int) -> bool:
    """Columns that only one of the two has, since they are of different programs, are left out."""
    shared = {name for name, _ in columns(con, table, "one")} & {name for name, _ in columns(con, table, "other")}
    names = ", ".join(quoted(name) for name in sorted(shared - OF_THE_EDITION))
    of = f"SELECT {names} FROM {{}}.main.{table} WHERE fiscal_year = {fiscal_year} AND method_id IN (" + (
        f"SELECT DISTINCT method_id FROM one.main.{table})"
    )
    one, other = of.format("one"), of.format("other")
    found = con.execute(f"SELECT 1 FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})) LIMIT 1")
    return found.fetchone() is None


def _frozen(editions: Path) -> dict[str, Final]:
    """The last declaration for each year."""
    return {str(line["fiscal_year"]): line for line in history(editions) if line.get("event") == "freeze"}


def _finals_in(edition: Path) -> dict[str, Final]:
    """What an edition's manifest says of final years."""
    found: dict[str, Final] = json.loads((edition / MANIFEST_NAME).read_text(encoding="utf-8")).get("finals") or {}
    return found


def _has_ranks(edition: Path, fiscal_year: int) -> bool:
    with duckdb.connect(str(edition / WAREHOUSE_NAME), read_only=True) as con:
        row = con.execute("SELECT 1 FROM rank_division WHERE fiscal_year = ? LIMIT 1", [fiscal_year]).fetchone()
    return row is not None


def standing_finals(editions: Path) -> set[str]:
    """The edition that is final for each year now; one that another has taken the place of is not among them."""
    return {event["edition_id"] for event in _frozen(editions).values()}


def frozen_ids(editions: Path) -> set[str]:
    """Editions that were declared final for any year, also those that a later declaration replaced."""
    return {line["edition_id"] for line in history(editions) if line.get("event") == "freeze"}
