"""What the gate is given beside the warehouse: the lake's control totals, the last edition, and waivers in force."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng.files import written_beside
from jiheng.identity import code_version, method_ids
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.warehouse import WAREHOUSE

if TYPE_CHECKING:
    from expectations.evaluation import Surroundings
    from expectations.gate import Decision, Expected
    from expectations.waivers import Waiver

# What building the warehouse found, for the gate.
BUILD_FACTS = "build.json"
# What people or registers add to the lake beside reports, and may move any figure by.
ANSWERS = ("review_answer", "vote")
LONG_AGO = "1970-01-01T00:00:00+00:00"


def judge(
    settings: Settings, as_of: datetime, edition: Mapping[str, str], private: Path, previous: Path | None
) -> Decision:
    """Let the gate decide on a private edition; without a warehouse only on what building it found wrong."""
    from expectations.gate import Court, Decision, decide
    from expectations.personal_data import scan_tables
    from ingest import control_totals
    from ingest.lake import Lake

    edition_id, day = edition["edition_id"], as_of.astimezone(LOCAL_TIME).date()
    further = build_results(private)
    if not (private / WAREHOUSE).exists():
        return Decision(edition_id, tuple(further), code_version(), day)
    further += scan_tables(private / WAREHOUSE)
    # The batches that the warehouse was built from: one that has landed since bears a later time.
    lake, seen = Lake(settings.lake), datetime.fromisoformat(edition["data_time"])
    with tempfile.TemporaryDirectory(prefix="gate", dir=private.parent) as folder:
        totals = control_totals.write(lake, seen, Path(folder))
        surroundings = _surroundings(settings, as_of, edition, totals, previous)
        court = Court(surroundings, day, code_version(), waivers_of(lake.read("act", as_of=seen)))
        return decide(edition_id, private / WAREHOUSE, court, further)


def inspect(private: Path, previous: Path | None) -> list[str]:
    """Look through the finished files of an edition, and add what was found to its gate.json.

    Gives a sentence for each expectation about files that holds the edition.
    """
    from expectations.gate import amend, found
    from expectations.personal_data import scan_files
    from publish.corrections import missing_entries
    from publish.site import bundles
    from publish.warehouse import EXPORTS

    # The gate has scanned the warehouse's tables, which the exports copy; what is in the site's zips lies beside them.
    looked_at = {WAREHOUSE, *EXPORTS, *bundles.names()}
    results = [*scan_files(private, looked_at), found("K90", 1, missing_entries(previous, private))]
    amend(private / "gate.json", results)
    return [one.told for one in results if one.decision == "hold"]


def build_results(private: Path) -> list[Expected]:
    """What building found, as results of the gate: the lake's integrity, each failed model or test."""
    from expectations.gate import found

    built = json.loads((private / BUILD_FACTS).read_text(encoding="utf-8"))
    damage, failures = built["damage"], built["failures"]
    failed = [f"{failure['node']}: {failure['message']}"[:200] for failure in failures]
    return [found("L01", 1, damage, len(damage)), found("W01", built["tests"], failed, len(failures))]


def store(warehouse: Path, rows: list[dict[str, Any]]) -> None:
    """Put the decision into the edition's own table gate_result, whose columns the warehouse has defined, in total
    order as the rows of every table there.

    It is done in a copy that takes the warehouse's place: a process that is killed leaves no table in between.
    """
    import duckdb

    from expectations.gate import GATE_RESULT_COLUMNS

    marks = ", ".join("?" for _ in GATE_RESULT_COLUMNS)
    statement = f"insert into gate_result ({', '.join(GATE_RESULT_COLUMNS)}) values ({marks})"
    with written_beside(warehouse) as beside:
        shutil.copyfile(warehouse, beside)
        with duckdb.connect(str(beside)) as connection:
            connection.execute("delete from gate_result")
            told = ([row[name] for name in GATE_RESULT_COLUMNS] for row in rows)
            connection.executemany(statement, sorted(told, key=lambda values: list(map(str, values))))


def waivers_of(acts: Iterable[Mapping[str, Any]]) -> tuple[Waiver, ...]:
    """The lake's exceptions from the gate, those that are over included."""
    from expectations.waivers import Waiver

    rows = list(acts)
    ended = {row["refers_to"] for row in rows if row["kind"] == "waiver_ended"}
    return tuple(
        Waiver(
            *(row["act_id"], row["rule_id"], row["by"], row["approved_by"], row["words"], row["valid_until"]),
            keys=tuple(row["keys"] or ()),
            is_ended=row["act_id"] in ended,
        )
        for row in rows
        if row["kind"] == "gate_waiver"
    )


def _surroundings(
    settings: Settings, as_of: datetime, edition: Mapping[str, str], totals: Path, previous: Path | None
) -> Surroundings:
    from expectations.evaluation import Surroundings

    before = json.loads((previous / "manifest.json").read_text(encoding="utf-8")) if previous else {}
    data_time_before = str(before.get("as_of") or LONG_AGO)
    is_answered = _is_answered(totals, data_time_before)
    day = as_of.astimezone(LOCAL_TIME).date()
    facts = {
        "edition_id": edition["edition_id"],
        "day": day.isoformat(),
        "day_before": _day_of(previous, day).isoformat(),
        "night_time": as_of.isoformat(),
        "data_time": edition["data_time"],
        "data_time_before": data_time_before,
        "new_answers": str(is_answered).lower(),
    }
    is_same_program = before.get("code_version") == code_version()
    holding = {
        "same_program": is_same_program,
        "other_program": not is_same_program,
        "no_answers": not is_answered,
        "same_input": is_same_program
        and before.get("lake_digest") == edition["lake_digest"]
        and before.get("method_ids") == method_ids(settings),
    }
    conditions = frozenset(name for name, holds in holding.items() if holds)
    parquet = previous / "parquet" if previous else None
    return Surroundings(totals, parquet, _taken_back(settings), facts, conditions)


def _is_answered(totals: Path, since: str) -> bool:
    """Whether an answer or a vote, which may move any figure, was recorded after the last edition's data."""
    import duckdb

    row = duckdb.execute(
        f"select count(*) from '{totals}/news.parquet' where recorded_at > ?::timestamptz and table_name in {ANSWERS}",
        [since],
    ).fetchone()
    return bool(row and row[0])


def _day_of(previous: Path | None, otherwise: date) -> date:
    """The day of the last edition's night, with which its id begins."""
    try:
        return date.fromisoformat(previous.name[: len("2026-03-31")]) if previous else otherwise
    except ValueError:
        return otherwise


def _taken_back(settings: Settings) -> tuple[Path, ...]:
    """The tables of editions that were rolled back and do not stand again."""
    from publish import records

    folders = (settings.editions / name / "parquet" for name in records.taken_back(settings.editions))
    return tuple(folder for folder in folders if (folder / "rank_division.parquet").exists())
