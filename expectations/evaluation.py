"""Expectations run with Great Expectations, by SQL on the private edition's DuckDB file."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from expectations.suites import ELSEWHERE, Expectation

# Great Expectations fetches this many rows of a query and counts the others.
MOST_KEYS = 200
UNEVALUATED = "could not be evaluated"


@dataclass(frozen=True)
class Surroundings:
    """What an edition is compared with: directories of Parquet files, and facts of the night.

    `totals` has the control totals of the lake, `previous` the last edition's tables (None on the first night);
    `rolled_back` are the tables of editions that were taken back. `facts` fill the places of their names in a query;
    `conditions` are what holds of the night, beside `previous` and `rolled_back`, that an expectation may need.
    """

    totals: Path
    previous: Path | None = None
    rolled_back: tuple[Path, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()

    def applies(self, expectation: Expectation) -> bool:
        """Whether what the expectation compares with is there, with the tables and columns that it names."""
        there = {name for name in ("previous", "rolled_back") if getattr(self, name)} | self.conditions
        if not there.issuperset(expectation.needs):
            return False
        return self.previous is None or not _lacking(self.previous, expectation.if_present)

    def filled(self, query: str) -> str:
        """The query with the night's own paths and facts."""
        places = {"totals": self.totals.as_posix(), "previous": (self.previous or Path()).as_posix(), **self.facts}
        places["rolled_back"] = ", ".join(f"'{one.as_posix()}/rank_division.parquet'" for one in self.rolled_back)
        for name, value in places.items():
            query = query.replace("{" + name + "}", value)
        return query


@dataclass(frozen=True)
class Answer:
    """What a query or metric said: how many rows speak against the expectation, and the keys that were fetched."""

    expectation: Expectation
    checked: int
    failed: int
    keys: tuple[str, ...]


def _lacking(folder: Path, wanted: Iterable[str]) -> list[str]:
    import pyarrow.parquet as pq

    lacking = []
    for name in wanted:
        table, _, column = name.partition(".")
        path = folder / f"{table}.parquet"
        if not path.exists() or (column and column not in pq.read_schema(path).names):
            lacking.append(name)
    return lacking


def evaluate(warehouse: Path, expectations: Sequence[Expectation], surroundings: Surroundings) -> list[Answer]:
    """Run expectations, one suite of Great Expectations for each table that they look at."""
    import great_expectations as gx

    # This module sets a level of its own, below that of its package.
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.WARNING)
    asked = [_filled(one, surroundings) for one in expectations if one.kind != ELSEWHERE]
    counts = _row_counts(warehouse, {str(one.table) for one in asked})
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "edition",
        connection_string=f"duckdb:///{warehouse}",
        # Without these the connection is closed before a metric's rows are fetched.
        kwargs={"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True, "pool_reset_on_return": None},
    )
    found = []
    for table in sorted(counts):
        mine = [one for one in asked if one.table == table]
        batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all").get_batch()
        suite = gx.ExpectationSuite(table, expectations=[_as_gx(gx, one) for one in mine])
        results = batch.validate(suite, result_format="COMPLETE").results
        by_id = {result.expectation_config.meta["id"]: result for result in results}
        found += [_answer(one, by_id.get(one.id), counts[table]) for one in mine]
    # The file must be free again: the decision is written into it next.
    source.get_execution_engine().close()
    source.get_engine().dispose()
    return found


def _row_counts(warehouse: Path, tables: set[str]) -> dict[str, int]:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {table: len(connection.table(table)) for table in tables}


def _filled(expectation: Expectation, surroundings: Surroundings) -> Expectation:
    query = expectation.arguments.get("query")
    if query is None:
        return expectation
    # In order, so that the rows that are fetched are the same every time.
    ordered = f"select sample_key from ({surroundings.filled(query)}) order by sample_key"
    return replace(expectation, arguments={"unexpected_rows_query": ordered})


def _as_gx(gx: Any, expectation: Expectation) -> Any:
    kind = getattr(gx.expectations, expectation.kind)
    return kind(**expectation.arguments, severity=expectation.severity, meta={"id": expectation.id})


def _answer(expectation: Expectation, result: Any, checked: int) -> Answer:
    """An expectation that could not be evaluated has failed."""
    if result is None or (not result.success and not result.result):
        return Answer(expectation, checked, 1, (f"{UNEVALUATED}{_why(result)}",))
    if result.success:
        return Answer(expectation, checked, 0, ())
    listed = result.result.get("details", {}).get("unexpected_rows") or []
    keys = [str(one["sample_key"]) for one in listed]
    keys = keys or [_key(one) for one in result.result.get("unexpected_list") or []]
    count = result.result.get("unexpected_count") or result.result.get("observed_value") or len(keys)
    return Answer(expectation, checked, max(int(count), 1), tuple(sorted(set(keys))))


def _why(result: Any) -> str:
    """The first line of what went wrong inside Great Expectations, where it says so."""
    messages = {
        info.get("exception_message")
        for info in ((result and result.exception_info) or {}).values()
        if isinstance(info, dict)
    }
    told = sorted(str(message).strip().partition("\n")[0] for message in messages if message)
    return f": {told[0][:200]}" if told else ""


def _key(value: Any) -> str:
    return " ".join(map(str, value.values())) if isinstance(value, dict) else str(value)
