"""What the pages show, read from where it stands: the log of publication, the published warehouse, the runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jiheng.files import key_of
from jiheng.monitoring.alarms import alarm_of_failure
from jiheng.monitoring.runs import RunStep
from jiheng.monitoring.runs import steps as steps_of_runs
from jiheng.settings import Settings
from jiheng.troubles import trouble_of

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
# Rows of each table of the overview; all of them are one click away in the edition.
TOP, NIGHTS, RUNS = 5, 14, 60
# A night is at 02:00, so what stands is from last night unless it is older than this.
FRESH = timedelta(hours=26)
RANKED = """
select l.name_zh as league_zh, l.name_en as league_en, r.rank, r.rank_low, r.rank_high, r.is_tied, d.name, r.score
from rank_division r
join dim_division d on d.division_key = r.division_key and make_date(r.fiscal_year, 12, 31)
  between d.valid_from and coalesce(d.valid_to, date '9999-12-31')
join leagues l on l.league = r.league
join ranking_methods m on m.method_id = r.method_id and m.status = 'official'
where r.is_ranked and r.fiscal_year = (select max(fiscal_year) from rank_division where is_ranked)
qualify row_number() over (partition by r.province_key, r.league order by r.rank, r.division_key) <= ?
order by r.province_key, r.league, r.rank, r.division_key
"""
MOVED = """
select d.name, m.fiscal_year, m.rank_before, m.rank_now, m.rank_before - m.rank_now as places
from (select distinct division_key, fiscal_year, method_id, rank_before, rank_now from movement_division) m
join dim_division d on d.division_key = m.division_key and make_date(m.fiscal_year, 12, 31)
  between d.valid_from and coalesce(d.valid_to, date '9999-12-31')
where m.rank_before <> m.rank_now order by abs(places) desc, m.fiscal_year desc, m.division_key, m.method_id limit ?
"""
FILED = """
select f.fiscal_year, f.division_key, d.name, f.due, f.received, f.accepted, f.returned, f.overdue, f.expected,
  f.withdrawn, f.p0_open, f.p1_open
from filing_division f
join dim_division d on d.division_key = f.division_key and make_date(f.fiscal_year, 12, 31)
  between d.valid_from and coalesce(d.valid_to, date '9999-12-31')
order by f.fiscal_year desc, f.overdue desc, f.returned desc, f.division_key
"""
AWAITED = """
select o.fiscal_year, d.name as division, o.department_name, o.state, o.due_on, o.days_late, o.mend_by, o.p0_open
from filing_overview o
join dim_division d on d.division_key = o.division_key and make_date(o.fiscal_year, 12, 31)
  between d.valid_from and coalesce(d.valid_to, date '9999-12-31')
where o.division_key = ? and o.fiscal_year = ? order by o.state, o.department_name, o.department_key
"""


class TablesAwayError(RuntimeError):
    """The tables of the published edition cannot be opened; the message says why and where to look."""


@contextmanager
def current_tables(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The warehouse of the published edition, read only; None before anything was published."""
    import duckdb

    from publish import editions
    from publish.warehouse import WAREHOUSE_NAME

    standing = editions.current(settings.editions)
    if standing is None:
        yield None
        return
    try:
        connection = duckdb.connect(str(standing / WAREHOUSE_NAME), read_only=True)
    except duckdb.Error as error:
        trouble = trouble_of(error)
        zh, _, en = (trouble.kind.told if trouble else str(error)).partition(" · ")
        page = alarm_of_failure(trouble.kind.code if trouble else None).runbook
        raise TablesAwayError(f"{zh}，暂时打不开；运维处置：{page} · {en or zh}; for the operator: {page}") from error
    with connection:
        yield connection


def rows(settings: Settings, sql: str, values: list[Any] | None = None) -> list[Row]:
    """Rows of a query on the published edition; none before anything was published."""
    with current_tables(settings) as connection:
        if connection is None:
            return []
        found = connection.execute(sql, values or [])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def overview(settings: Settings, now: datetime) -> Row:
    """What stands, who is ahead, who moved, how far the filing has come, and the last nights."""
    from publish.frontdesk.standing import reasons, standing
    from publish.records import history

    events = history(settings.editions)
    state = standing(events)
    since = datetime.fromisoformat(state.since) if state.since else None
    return {
        "current": state.current,
        "facts": _about(settings, state.current),
        "since": since,
        "is_fresh": since is not None and now - _last_success(events) <= FRESH,
        "held_nights": state.held_nights(),
        "why": reasons(state.holds[-1]) if state.holds else [],
        "held": sorted(path.parent.name for path in (settings.home / "held").glob("*/held.json")),
        "leagues": rows(settings, RANKED, [TOP]),
        "moved": rows(settings, MOVED, [TOP]),
        "filing": _newest_year(rows(settings, FILED)),
        "nights": _nights(events),
    }


def _last_success(events: list[Row]) -> datetime:
    return max(datetime.fromisoformat(event["at"]) for event in events if event["event"] == "publish")


def _about(settings: Settings, edition_id: str | None) -> Row:
    path = settings.editions / str(edition_id) / "about.json"
    found: Row = json.loads(path.read_text(encoding="utf-8")) if edition_id and path.exists() else {}
    return found


def _newest_year(found: list[Row]) -> list[Row]:
    newest = max((row["fiscal_year"] for row in found), default=None)
    return [row for row in found if row["fiscal_year"] == newest]


def _nights(events: list[Row]) -> list[Row]:
    from publish.frontdesk.standing import OUTCOMES, reasons

    told = [event for event in events if event.get("event") in OUTCOMES]
    return [
        {
            "at": event["at"],
            "outcome": OUTCOMES[event["event"]],
            "edition_id": event.get("edition_id"),
            "run_key": key_of(event["run_id"]) if "run_id" in event else None,
            "why": reasons(event),
        }
        for event in reversed(told[-NIGHTS:])
    ]


def filing(settings: Settings) -> list[Row]:
    """Filings by division and year, newest year first, who is late at the top."""
    return rows(settings, FILED)


def departments(settings: Settings, division_key: str, fiscal_year: int) -> list[Row]:
    """The departments of a division with the state of each one's report."""
    return rows(settings, AWAITED, [division_key, fiscal_year])


def gate_of(settings: Settings, edition_id: str) -> Row:
    """What the gate said of an edition, with its failed expectations. Raises `NothingDecidedError`."""
    from jiheng import gate_words
    from publish.editions import SAFE_ID

    if not SAFE_ID.fullmatch(edition_id):
        raise gate_words.NothingDecidedError("没有这一期 · there is no such edition")
    told = gate_words.explain(settings, edition_id)
    places = (settings.home / "held" / edition_id, settings.editions / edition_id)
    gate = next(
        json.loads((place / "gate.json").read_text("utf-8")) for place in places if (place / "gate.json").exists()
    )
    failed = [row for row in gate["results"] if row["failed"]]
    return {"told": told, "gate": gate, "failed": failed, "is_held": (places[0] / "held.json").is_file()}


def runs(settings: Settings) -> list[Row]:
    """The last runs, newest first: what each is called, when, and how its steps ended."""
    return _all_runs(settings)[:RUNS]


def run_of(settings: Settings, key: str) -> Row | None:
    """One run with what it took in and the receipts of that, None where there is no such run."""
    from ingest.lake import Lake

    run = next((one for one in _all_runs(settings) if one["key"] == key), None)
    if run is None:
        return None
    lake = Lake(settings.lake)
    taken = {row["arrival_id"] for row in lake.read("stage_outcome", among=("run_id", [run["run_id"]]))}
    found = lake.read("arrival", among=("arrival_id", sorted(taken))) if taken else []
    arrivals = sorted(found, key=lambda row: (row["source_name"], row["arrival_id"]))
    return run | {"arrivals": [row | {"receipt": receipt_of(settings, row)} for row in arrivals]}


def _all_runs(settings: Settings) -> list[Row]:
    steps = sorted(steps_of_runs(settings), key=lambda step: (step.run_id, step.began_at))
    grouped = [list(mine) for _, mine in groupby(steps, key=lambda step: step.run_id)]
    found = [_run(mine) for mine in grouped]
    return sorted(found, key=lambda run: (run["at"], run["run_id"]), reverse=True)


def _run(steps: list[RunStep]) -> Row:
    run_id = steps[0].run_id
    at = max(step.ended_at or step.began_at for step in steps)
    return {"key": key_of(run_id), "run_id": run_id, "at": at, "steps": steps}


def receipt_of(settings: Settings, arrival: Row) -> str | None:
    """The newest receipt of one file that arrived, as a path below the folder of receipts; None where there is none."""
    from ingest.receipts import folder_of

    folder = folder_of(settings.receipts, arrival["source_name"], arrival.get("parcel"))
    # One of a file that was read again bears the time of that behind the arrival's id, and counts instead of the first.
    found = max(folder.glob(f"{arrival['arrival_id']}*.html"), key=lambda path: path.stem, default=None)
    return found.relative_to(settings.receipts).as_posix() if found else None
