"""Secrets never leave in words: whatever is logged, recorded or shown goes through here."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

HIDDEN = "***"
# Libraries that log the addresses they call, in which tokens stand.
TALKATIVE = ("httpx", "httpcore")


def masked(words: str, secrets: Iterable[str | None]) -> str:
    """The words without any of the secrets, written as they are, as part of an address or as part of JSON."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        words = words.replace(form, HIDDEN)
    return words


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


@contextmanager
def in_silence() -> Iterator[None]:
    """Keep libraries from logging the addresses that they call."""
    before = {name: logging.getLogger(name).level for name in TALKATIVE}
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
