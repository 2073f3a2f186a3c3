"""How long editions are kept: the rules are data; the current, the undoable and the final ones always stay.

What is retired leaves its manifest, its gate decision and its difference in `retired/`, and a line in the log.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from jiheng.files import sha256_of_file, sync_directory
from jiheng.settings import LOCAL_TIME
from publish.acts import acting
from publish.editions import MANIFEST_NAME, current
from publish.finals import frozen_ids, standing_finals
from publish.records import history, published_ids, record

RETIRED = "retired"
SIGNED_FILES = (MANIFEST_NAME, f"{MANIFEST_NAME}.minisig")
KEPT_FILES = (*SIGNED_FILES, "gate.json", "diff.json")
# Why an edition went, where it was no rule of its kind.
ERASURE = "erasure"
# The current edition and the one that an undo would go back to.
ALWAYS = 2
KINDS = ("night", "month_end", "year_end")

# Days that an edition of a kind is kept; None is for good.
Policy = Mapping[str, int | None]


def due_for_retirement(editions: Path, today: date, policy: Policy) -> dict[str, str]:
    """Editions whose time is over, by id, each with the kind whose rule says so."""
    days = _published_on(editions)
    kinds = _kinds(editions, days)
    staying = {*published_ids(editions)[-ALWAYS:], *frozen_ids(editions), *_pointed_at(editions)}
    return {
        name: kinds[name]
        for name, day in sorted(days.items())
        if (editions / name).is_dir() and name not in staying and _is_over(policy[kinds[name]], day, today)
    }


def retire(editions: Path, today: date, policy: Policy) -> list[str]:
    """Take away editions whose time is over. Readers who hold one of their files open keep it. Gives their ids.

    Run again after a crash it goes on where it ended.
    """
    with acting(editions):
        for left in editions.glob(".retiring.*"):
            _remove(left)
        over = due_for_retirement(editions, today, policy) | dict.fromkeys(_to_be_erased(editions), ERASURE)
        for name, kind in over.items():
            _retire(editions, name, kind)
        return list(over)


def erase(editions: Path, names: Iterable[str], event: Mapping[str, Any]) -> list[str]:
    """Take editions away that hold what a person asked to be erased, however young; `event` carries who and why.

    The current one and final ones wait until another stands in their place: `retire` takes them then. Gives the ids of
    those that went.
    """
    with acting(editions):
        record(editions, {"event": "erase", "edition_ids": sorted(names), **event})
        gone = _to_be_erased(editions)
        for name in gone:
            _retire(editions, name, ERASURE)
        return gone


def _to_be_erased(editions: Path) -> list[str]:
    """Editions that are to go for an erasure, and that neither stand nor are final any more."""
    named = {name for line in history(editions) if line.get("event") == "erase" for name in line["edition_ids"]}
    staying = {*standing_finals(editions), *_pointed_at(editions)}
    return sorted(name for name in named - staying if (editions / name).is_dir())


def _retire(editions: Path, name: str, kind: str) -> None:
    kept = editions / RETIRED / name
    if not kept.is_dir():
        aside = kept.with_name(f".{name}")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        # What the gate and the differences quote of an erased edition goes with it.
        for file in SIGNED_FILES if kind == ERASURE else KEPT_FILES:
            if (editions / name / file).is_file():
                shutil.copy2(editions / name / file, aside / file)
        aside.rename(kept)
        sync_directory(kept.parent)
    digest = sha256_of_file(editions / name / MANIFEST_NAME)
    event = {"event": "retire", "edition_id": name, "manifest_sha256": digest, "why": kind}
    if not any(event.items() <= line.items() for line in history(editions)):
        record(editions, event)
    leaving = editions / f".retiring.{name}"
    (editions / name).rename(leaving)
    _remove(leaving)


def _remove(folder: Path) -> None:
    folder.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def _published_on(editions: Path) -> dict[str, date]:
    """The local day on which each edition was published last."""
    return {
        line["edition_id"]: datetime.fromisoformat(line["at"]).astimezone(LOCAL_TIME).date()
        for line in history(editions)
        if line.get("event") == "publish"
    }


def _kinds(editions: Path, days: Mapping[str, date]) -> dict[str, str]:
    """Each edition's kind: the last standing one of a year or month, else a night."""
    kinds = dict.fromkeys(days, "night")
    standing = published_ids(editions)
    kinds |= dict.fromkeys(_last_of(standing, days, "%Y-%m"), "month_end")
    return kinds | dict.fromkeys(_last_of(standing, days, "%Y"), "year_end")


def _last_of(standing: Iterable[str], days: Mapping[str, date], period: str) -> Iterator[str]:
    """The last edition of each period, the running one too: whether it stays the last is not known yet."""
    for _, names in groupby(standing, key=lambda name: days[name].strftime(period)):
        yield list(names)[-1]


def _pointed_at(editions: Path) -> set[str]:
    standing = current(editions)
    return {standing.name} if standing else set()


def _is_over(keep_days: int | None, day: date, today: date) -> bool:
    return keep_days is not None and (today - day).days > keep_days
