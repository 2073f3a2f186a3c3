"""The archive of editions: every night with its outcome, and where to read what it published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from jiheng.files import write_bytes, write_text
from publish import format, labels
from publish.frontdesk.standing import OUTCOMES, Standing, day, reasons
from publish.records import Event

PAGE_NAME, LOOK_NAME = "index.html", "archive.css"
ABOUT_NAME, MANIFEST_NAME, NOTICE_NAME = "about.json", "manifest.json", "notice.json"
ACTS = ("rollback", "override", "freeze", "retire")
# What can be opened of an edition, in the order of the links; a link stands only where the file is there.
LINKS = (
    ("site/index.html", "排名"),
    ("site/changes.html", "变动"),
    ("site/gate.html", "门禁"),
    ("bulletin.pdf", "通报"),
    ("rankings.xlsx", "工作簿"),
    (MANIFEST_NAME, "清单"),
)
Row = dict[str, Any]


def write(editions: Path, events: list[Event], now: Standing) -> None:
    """Write the page and how it looks. It links to editions by their permanent places, never by `current`."""
    acts = [event | {"reasons": reasons(event)} for event in events if event.get("event") in ACTS]
    content = (
        _environment()
        .get_template("archive.html")
        .render(
            now=now,
            current=_edition(editions, now, now.current) if now.current else None,
            held=now.held_nights(),
            held_why=reasons(now.holds[-1]) if now.holds else [],
            months=[(month, list(found)) for month, found in groupby(_nights(editions, events, now), key=_month)],
            acts=acts[::-1],
        )
    )
    write_text(editions / PAGE_NAME, content)
    look = resources.files("publish.frontdesk").joinpath(LOOK_NAME).read_bytes()
    write_bytes(editions / LOOK_NAME, look)


def about(editions: Path, edition_id: str | None) -> Row:
    """The facts of an edition; none where its files were cleared away."""
    return _json(editions / edition_id / ABOUT_NAME) if edition_id else {}


def _json(path: Path) -> Row:
    try:
        loaded: Row = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return loaded


def _month(night: Mapping[str, Any]) -> str:
    return str(night["day"])[:7]


def _nights(editions: Path, events: Iterable[Event], now: Standing) -> list[Row]:
    """A row for each edition that was published and each night that was not, the newest first."""
    rows: dict[tuple[str, ...], Row] = {}
    for event in events:
        if event.get("event") not in OUTCOMES:
            continue
        name, outcome = event.get("edition_id") or "", OUTCOMES[event["event"]]
        key = ("edition", name) if outcome == "published" else (outcome, day(event), name)
        told = rows.setdefault(key, {"at": event["at"], "day": day(event), "outcome": outcome, "edition_id": name})
        # A night that was tried again and held again is one row, with the reasons of the last time.
        told |= {"times": told.get("times", 0) + 1, "why": reasons(event), "expectations": event.get("expectations")}
    for row in rows.values():
        if row["outcome"] == "published":
            row.update(_edition(editions, now, row["edition_id"]))
    return sorted(rows.values(), key=lambda row: row["at"])[::-1]


def _edition(editions: Path, now: Standing, name: str) -> Row:
    """What is known of a published edition, how its night ended, and which of its files are still there."""
    facts, notice = about(editions, name), _json(editions / name / NOTICE_NAME)
    outcome = "override" if facts.get("override") else "unchanged" if notice.get("unchanged") else "published"
    return {
        "edition_id": name,
        "outcome": outcome,
        "facts": facts,
        "links": [(f"{name}/{file}", word) for file, word in LINKS if (editions / name / file).is_file()],
        "is_current": name == now.current,
        "taken_back": now.taken_back.get(name),
        "frozen": sorted(now.frozen.get(name, [])),
        "retired": now.retired.get(name),
    }


@cache
def _environment() -> jinja2.Environment:
    """Events and facts were written by programs of many ages, so a field that one lacks is an empty place here."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("publish.frontdesk", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(zh=labels.zh, en=labels.en, moment=format.moment, count=format.count, day=day)
    return environment
