"""What a kind of chat is: where it listens, the shape of what it takes, how it signs, how it answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Signature(NamedTuple):
    """When a request was signed, as the chat writes times, and its signature."""

    timestamp: str
    sign: str


@dataclass(frozen=True)
class Answers:
    """How an answer is understood: the fields that may hold its code, and what the codes mean.

    HTTP 200 says nothing where there are fields; without any field it is all that there is.
    """

    fields: tuple[str, ...] = ()
    accepted: frozenset[int | str] = frozenset({0})
    busy: frozenset[int | str] = frozenset()


@dataclass(frozen=True)
class Kind:
    """One kind of chat. `path` and `payload` are Jinja templates; see `jiheng.notifying.webhook` for their names."""

    base_url: str | None
    path: str
    payload: str
    answers: Answers
    sign: Callable[[str, datetime], Signature] | None = None
    bold: str = "**{}**"
    link: str = "[{}]({})"
    line_end: str = "\n"


def hmac_of(key: str, words: str) -> str:
    """HMAC with SHA-256 in base64, as all of them write signatures."""
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()
