"""The gate's decision: every expectation's result as a row, what holds the edition, and why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SUITES = Path(__file__).with_name("suites.yaml")
DECISIONS = {"critical": "hold", "warning": "notice", "info": "info"}
MOST_SAMPLES = 20

GATE_RESULT_COLUMNS = (
    "edition_id",
    "expectation_id",
    "suite",
    "severity",
    "checked",
    "failed",
    "decision",
    "message_zh",
    "message_en",
    "waiver_id",
    "sample_keys",
)


@dataclass(frozen=True)
class Expected:
    """One expectation's result. `failed` counts the rows (or, for totals, the difference) that speak against it."""

    expectation_id: str
    suite: str
    severity: str
    checked: int
    failed: int
    message_zh: str
    message_en: str
    sample_keys: tuple[str, ...] = ()

    @property
    def decision(self) -> str:
        """pass, info, notice or hold."""
        return DECISIONS[self.severity] if self.failed else "pass"


@dataclass(frozen=True)
class Decision:
    """What the gate says of an edition: pass, notice or hold, with all results."""

    edition_id: str
    results: tuple[Expected, ...]

    @property
    def decision(self) -> str:
        """Hold when any critical expectation failed, else pass or, with a failed warning, notice."""
        decisions = {result.decision for result in self.results}
        return next((word for word in ("hold", "notice") if word in decisions), "pass")

    @property
    def holding(self) -> list[Expected]:
        """The results that hold the edition."""
        return [result for result in self.results if result.decision == "hold"]

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table gate_result."""
        return [
            {
                "edition_id": self.edition_id,
                "expectation_id": result.expectation_id,
                "suite": result.suite,
                "severity": result.severity,
                "checked": result.checked,
                "failed": result.failed,
                "decision": result.decision,
                "message_zh": result.message_zh,
                "message_en": result.message_en,
                "waiver_id": None,
                "sample_keys": list(result.sample_keys),
            }
            for result in sorted(self.results, key=lambda result: (result.suite, result.expectation_id))
        ]

    def as_json(self) -> dict[str, Any]:
        """What gate.json holds."""
        return {"edition_id": self.edition_id, "decision": self.decision, "results": self.rows()}


def definitions() -> list[dict[str, Any]]:
    """The rows of `suites.yaml`."""
    rows: list[dict[str, Any]] = yaml.safe_load(SUITES.read_text(encoding="utf-8"))
    return rows


def decide(
    edition_id: str,
    warehouse: Path,
    lake_totals: Mapping[str, int],
    previous: Path | None,
    further: Iterable[Expected] = (),
) -> Decision:
    """Evaluate every expectation over the private edition's `warehouse` (a DuckDB file).

    `lake_totals` are row counts of the lake's tables; `previous` is the last edition's directory of Parquet files, or
    None on the first night. `further` are results found elsewhere: the warehouse's own tests, the lake's integrity.
    """
    rows = [_filled(row, lake_totals, previous) for row in definitions() if _applies(row, previous)]
    return Decision(edition_id, (*further, *evaluate(warehouse, rows)))


def _applies(row: Mapping[str, Any], previous: Path | None) -> bool:
    """Whether there is a last edition to compare with, and in it the table that the expectation says it may lack."""
    if row.get("needs") != "previous":
        return True
    wanted = row.get("if_present")
    return previous is not None and (wanted is None or (previous / f"{wanted}.parquet").exists())


def evaluate(warehouse: Path, rows: Sequence[Mapping[str, Any]]) -> list[Expected]:
    """Run expectations with Great Expectations by SQL on the DuckDB file, one suite of them for each table."""
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    counts = _row_counts(warehouse, {row["table"] for row in rows})
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
        mine = [row for row in rows if row["table"] == table]
        batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all").get_batch()
        suite = gx.ExpectationSuite(table, expectations=[_expectation(gx, row) for row in mine])
        results = batch.validate(suite, result_format="COMPLETE").results
        by_id = {result.expectation_config.meta["id"]: result for result in results}
        found += [_result(row, by_id[row["id"]], counts[table]) for row in mine]
    # The file must be free again: the decision is written into it next.
    source.get_execution_engine().close()
    source.get_engine().dispose()
    return found


def _row_counts(warehouse: Path, tables: set[str]) -> dict[str, int]:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {table: len(connection.table(table)) for table in tables}


def _filled(row: Mapping[str, Any], lake_totals: Mapping[str, int], previous: Path | None) -> dict[str, Any]:
    """The row with the night's own numbers and paths in its arguments."""
    arguments = dict(row["arguments"])
    for name, value in arguments.items():
        if isinstance(value, str) and value.startswith("{lake."):
            arguments[name] = lake_totals[value.removeprefix("{lake.").removesuffix("}")]
        elif isinstance(value, str) and previous is not None:
            arguments[name] = value.replace("{previous}", previous.as_posix())
    return {**row, "arguments": arguments}


def _expectation(gx: Any, row: Mapping[str, Any]) -> Any:
    arguments = dict(row["arguments"])
    if "query" in arguments:
        arguments["unexpected_rows_query"] = arguments.pop("query")
    kind = getattr(gx.expectations, row["kind"])
    return kind(**arguments, severity=row["severity"], meta={"id": row["id"]})


def _result(row: Mapping[str, Any], result: Any, checked: int) -> Expected:
    """One expectation's result in our own terms. An expectation that could not be evaluated has failed."""
    failed = 0
    keys: list[str] = []
    if not result.success:
        failed, keys = _failure(row, result.result)
    return Expected(
        *(row["id"], row["suite"], row["severity"], checked, failed, row["message_zh"], row["message_en"]),
        sample_keys=tuple(keys[:MOST_SAMPLES]),
    )


def _failure(row: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[int, list[str]]:
    """How many rows speak against it (for totals: by how many it is off), and which, in a fixed order."""
    if not found:
        return 1, ["could not be evaluated"]
    if "value" in row["arguments"]:
        observed, expected = int(found["observed_value"]), int(row["arguments"]["value"])
        return abs(observed - expected), [f"found {observed}, expected {expected}"]
    listed = found.get("details", {}).get("unexpected_rows") or []
    keys = [str(one["sample_key"]) for one in listed] or [str(key) for key in found.get("unexpected_list") or []]
    count = found.get("unexpected_count") or found.get("observed_value") or len(keys)
    return max(int(count), 1), sorted(set(keys))
