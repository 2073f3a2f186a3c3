"""Every act of a person in one list: who, when, what, why, from where. A view: the records stand where they were made.

They are the log of publication, the acts and answers in the lake, the file of tokens, the log of the desk, and
Airflow's own log of what was done on its pages and through its API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jiheng import journal
from jiheng.settings import LOCAL_TIME, Settings

TABLE = Path(__file__).with_suffix(".yaml")
CLI, DESK, AIRFLOW = "cli", "desk", "airflow"
# Under this name runs look into the archive; and what acts on it are called.
RUNS, ARCHIVE = "jiheng", "archive_"
ABOUT = ("rule_id", "finding_id", "refers_to", "submission_id", "submission_version_id")


@dataclass(frozen=True)
class Entry:
    """One act. `with_whom` is who approved what somebody else asked for, `via` cli, desk or airflow."""

    at: datetime
    who: str
    what: str
    about: str
    why: str
    via: str
    with_whom: str = ""

    @property
    def zh(self) -> str:
        """The act in Chinese."""
        return words(self.what)["zh"]

    @property
    def en(self) -> str:
        """The act in English."""
        return words(self.what)["en"]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self) | {"at": self.at.isoformat(), "zh": self.zh, "en": self.en}


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return found


def words(what: str) -> Mapping[str, str]:
    """What an act is called; one of a newer program by its own name."""
    return _table()["acts"].get(what) or _table()["airflow"].get(what) or {"zh": what, "en": what}


def entries(
    settings: Settings, since: datetime | None = None, by: str | None = None, airflow: bool = False
) -> list[Entry]:
    """Every act since a time and by a person, newest first; with what Airflow has logged where `airflow` says so."""
    found = [*_published(settings), *_decided(settings), *_tokens(settings), *_asked(settings), *_visits(settings)]
    if airflow:
        found += _airflow()
    wanted = (
        one for one in found if (since is None or one.at >= since) and (by is None or by in (one.who, one.with_whom))
    )
    return sorted(wanted, key=lambda one: (one.at, one.what, one.about, one.who), reverse=True)


def _published(settings: Settings) -> Iterator[Entry]:
    """Acts of publication that a person did; a night's own publication is none."""
    from publish.records import history

    for event in history(settings.editions):
        if "who" in event:
            about = " ".join(str(event[key]) for key in ("fiscal_year", "edition_id", "edition_ids") if event.get(key))
            yield Entry(_time(event["at"]), *(event["who"], event["event"], about, event.get("why", "")), _via(event))


def _via(event: Mapping[str, Any]) -> str:
    # Lines of older programs do not say: they came from the command line, or from an answer in Airflow.
    return str(event.get("via") or (AIRFLOW if event["event"] == "override" else CLI))


def _decided(settings: Settings) -> Iterator[Entry]:
    """What people decided, in the lake."""
    from ingest.lake import Lake

    lake = Lake(settings.lake)
    on_the_desk = {event[key] for event in journal.events(settings) for key in ("act_id", "answer_id") if key in event}
    for row in lake.read("act"):
        about = next((str(row[name]) for name in ABOUT if row[name]), "")
        via = DESK if row["act_id"] in on_the_desk else CLI
        yield Entry(row["at"], row["by"], row["kind"], about, row["words"], via, row["approved_by"] or "")
    for row in lake.read("review_answer"):
        said = row["answer"] or row["answer_kind"]
        via = DESK if row["answer_id"] in on_the_desk else CLI
        about = f"{row['surface']} → {said}"
        yield Entry(row["answered_at"], row["answered_by"], "review_answer", about, row["reason"], via)


def _tokens(settings: Settings) -> Iterator[Entry]:
    from ingest.upload.tokens import TokenBook

    for token in TokenBook(settings.upload_tokens).tokens():
        about = f"{token.token_id} {token.division_key}"
        yield Entry(token.issued_at, token.issued_by, "token_issued", about, "", CLI)
        if token.revoked_at is not None:
            why = token.revoked_why or ""
            yield Entry(token.revoked_at, token.revoked_by or "", "token_revoked", about, why, CLI)


def _asked(settings: Settings) -> Iterator[Entry]:
    """Requests and refusals: all else that is done on the desk stands where the act itself is recorded."""
    for event in journal.events(settings):
        if event["event"] in (journal.ASKED, journal.REFUSED):
            about = f"{event['expectation_id']} {event['request_id']}"
            yield Entry(_time(event["at"]), event["who"], event["event"], about, event["why"], DESK)


def _visits(settings: Settings) -> Iterator[Entry]:
    """People who looked into the archive; what runs read there is in its log and no act of anybody."""
    from ingest.archive import Archive

    for event in Archive(settings.archive).visits():
        if not (event["event"] == "visit" and event["who"] == RUNS):
            about = " ".join(one[:12] for one in event.get("sha256", ())[:3])
            yield Entry(_time(event["at"]), event["who"], ARCHIVE + event["event"], about, event["why"], CLI)


def _airflow() -> list[Entry]:
    """What people did in Airflow, by its own log. `jiheng.airflow.installation` sets its environment."""
    from airflow.models.log import Log
    from airflow.utils.session import create_session
    from sqlalchemy import select

    chosen = select(Log).where(Log.event.in_(_table()["airflow"]), Log.owner.is_not(None)).order_by(Log.id)
    with create_session(scoped=False) as session:
        return [
            Entry(
                one.dttm.astimezone(UTC) if one.dttm else datetime.min.replace(tzinfo=UTC),
                one.owner or "",
                one.event,
                " ".join(part for part in (one.dag_id, one.run_id, one.task_id) if part),
                "",
                AIRFLOW,
            )
            for one in session.scalars(chosen)
        ]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def line_of(entry: Entry) -> str:
    """An act for a terminal."""
    local = entry.at.astimezone(LOCAL_TIME)
    who = f"{entry.who}（批准 approved: {entry.with_whom}）" if entry.with_whom else entry.who
    parts = (f"{local:%Y-%m-%d %H:%M}", entry.via, who, f"{entry.zh} {entry.en}", entry.about, entry.why)
    return "  ".join(part for part in parts if part)
