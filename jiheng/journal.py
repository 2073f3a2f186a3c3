"""The log of the desk: every act done here, by whom and why, and exceptions that are asked for and not yet decided.

Lines are appended and chained by hashes like the log of publication; nothing is changed or taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jiheng.chain import Event, broken, history, record
from jiheng.files import alone, key_of
from jiheng.settings import Settings

NAME = "desk.jsonl"
ASKED, REFUSED, APPROVED = "waiver_asked", "waiver_refused", "waiver_approved"


class RequestError(ValueError):
    """A request for an exception that cannot be decided on, and why."""


@dataclass(frozen=True)
class Request:
    """An exception from the gate that somebody asks for."""

    request_id: str
    expectation_id: str
    reason: str
    asked_by: str
    asked_at: str
    until: date
    keys: tuple[str, ...]


def note(settings: Settings, event: str, who: str, why: str, **about: Any) -> Event:
    """Put an act on record that was done on the desk."""
    with alone(_folder(settings) / f".{NAME}.lock"):
        return _append(settings, {"event": event, "who": who, "why": why, **about})


def _append(settings: Settings, event: Mapping[str, Any]) -> Event:
    return record(_folder(settings), event, NAME)


def events(settings: Settings) -> list[Event]:
    """Every act that was done on the desk, oldest first."""
    return history(_folder(settings), NAME)


def damage(settings: Settings) -> list[str]:
    """Where the log is not as it was written."""
    return broken(_folder(settings), NAME)


def ask(
    settings: Settings, who: str, why: str, expectation_id: str, until: date, keys: tuple[str, ...], at: datetime
) -> Request:
    """Ask for an exception; it holds for nothing before somebody else approves it."""
    about = {"expectation_id": expectation_id, "until": until.isoformat(), "keys": list(keys)}
    request_id = key_of("waiver request", who, why, *map(str, about.values()), at.isoformat())
    return _request(note(settings, ASKED, who, why, request_id=request_id, at=at.isoformat(), **about))


def open_requests(settings: Settings) -> list[Request]:
    """Requests that nobody has decided on yet, oldest first."""
    told = events(settings)
    decided = {event.get("request_id") for event in told if event["event"] in (REFUSED, APPROVED)}
    return [_request(event) for event in told if event["event"] == ASKED and event["request_id"] not in decided]


def request_of(settings: Settings, request_id: str) -> Request:
    """An open request. Raises `RequestError` where there is none, or it is decided."""
    for one in open_requests(settings):
        if one.request_id == request_id:
            return one
    raise RequestError("没有这个待批的申请，可能已有人处理 · no such open request; somebody may have decided on it")


def _request(event: Mapping[str, Any]) -> Request:
    request_id, expectation_id, why, who, at = (
        str(event[name]) for name in ("request_id", "expectation_id", "why", "who", "at")
    )
    keys = tuple(event["keys"])
    return Request(request_id, expectation_id, why, who, at, date.fromisoformat(event["until"]), keys)


def _folder(settings: Settings) -> Path:
    folder = settings.home / "desk"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
