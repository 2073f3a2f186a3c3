"""What can be measured of an installation at a moment, from its records: for metrics and for `jiheng status`."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from jiheng.settings import LOCAL_TIME, Settings
from jiheng.troubles import trouble_of
from jiheng.warehouse import WAREHOUSE

# An exception that ends within so many days should be renewed or its cause mended.
SOON = timedelta(days=14)
GATE = "gate.json"


def disk_free(settings: Settings) -> int:
    """Free bytes where the home lies."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    return shutil.disk_usage(place).free


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; one that vanishes meanwhile does not count."""
    total, waiting = 0, [folder] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    return total


def published_at(settings: Settings) -> datetime | None:
    """When the night's last publication happened."""
    from publish import records

    told = [line["at"] for line in records.history(settings.editions) if line.get("event") in ("publish", "restore")]
    return datetime.fromisoformat(told[-1]) if told else None


def last_gate(settings: Settings) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The newest end of a night (published or held), and the results of its gate where there are any."""
    from publish import records

    ended = [line for line in records.history(settings.editions) if line.get("event") in ("publish", "hold")]
    if not ended:
        return None, []
    last = ended[-1]
    folder = settings.home / "held" if last["event"] == "hold" else settings.editions
    path = folder / str(last.get("edition_id")) / GATE
    results = json.loads(path.read_text(encoding="utf-8"))["results"] if path.is_file() else []
    return last, results


def quarantined_on(settings: Settings, now: datetime) -> Counter[str]:
    """How many files were quarantined on the local day of `now`, by reason."""
    return Counter(row["reason_code"] for row in quarantine_records(settings, now))


def quarantine_records(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """The records of the files that were quarantined on the local day of `now`."""
    day = now.astimezone(LOCAL_TIME).date()
    since = datetime.combine(day, time.min, LOCAL_TIME)
    recent = [path for path in settings.quarantine.glob("*.json") if path.stat().st_mtime >= since.timestamp()]
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(recent)]
    return [row for row in found if datetime.fromisoformat(row["recorded_at"]).astimezone(LOCAL_TIME).date() == day]


def waivers(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """Exceptions and waivers of rules that end soon, or ended in the last days, and that none which lasts longer has
    taken the place of; in the order in which they end.
    """
    from ingest.acts import WHERE
    from ingest.lake import Lake

    day = now.astimezone(LOCAL_TIME).date()
    acts = Lake(settings.lake).read("act", ["kind", "act_id", "refers_to", "rule_id", "valid_until", "keys", *WHERE])
    ended = {row["refers_to"] for row in acts if row["kind"] == "waiver_ended"}
    mine = [row for row in acts if row["kind"] in ("gate_waiver", "waiver") and row["act_id"] not in ended]
    return sorted(
        (
            {"act_id": row["act_id"], "rule_id": row["rule_id"], "valid_until": row["valid_until"]}
            for row in mine
            if abs(row["valid_until"] - day) <= SOON and not any(_takes_the_place(one, row) for one in mine)
        ),
        key=lambda row: (row["valid_until"], row["act_id"]),
    )


def _takes_the_place(later: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether an exception covers all that another did, and lasts longer."""
    from ingest.acts import WHERE

    return (
        (later["kind"], later["rule_id"]) == (row["kind"], row["rule_id"])
        and later["valid_until"] > row["valid_until"]
        and all(later[name] in (None, row[name]) for name in WHERE)
        and (not later["keys"] or (bool(row["keys"]) and set(row["keys"]) <= set(later["keys"])))
    )


def warehouse_trouble(edition: Path | None) -> str | None:
    """Why an edition's warehouse cannot be opened, in words: somebody else holds it. None where it can."""
    import duckdb

    if edition is None or not (edition / WAREHOUSE).is_file():
        return None
    try:
        duckdb.connect(str(edition / WAREHOUSE), read_only=True).close()
    except duckdb.Error as error:
        return str(trouble_of(error) or error)
    return None


def of_edition(edition: Path | None) -> Mapping[str, int]:
    """Open questions and overdue reports of an edition; nothing where it has no warehouse of this program."""
    import duckdb

    if edition is None or not (edition / WAREHOUSE).is_file():
        return {}
    asked = "select (select count(*) from review_item), (select count(*) from filing_overview where state = 'overdue')"
    try:
        with duckdb.connect(str(edition / WAREHOUSE), read_only=True) as connection:
            row = connection.execute(asked).fetchone() or (0, 0)
    except duckdb.Error:
        return {}
    return {"review_open": row[0], "reports_overdue": row[1]}
