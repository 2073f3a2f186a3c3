"""Where the second reader is, if there is one. Unset is off."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

URL, MODEL = "JIHENG_SECOND_READER_URL", "JIHENG_SECOND_READER_MODEL"
KEY_FILE, TIMEOUT = "JIHENG_SECOND_READER_KEY_FILE", "JIHENG_SECOND_READER_TIMEOUT"
# Seconds that one answer may take, and between two tries.
DEFAULT_TIMEOUT = 120.0
PAUSE = 2.0


class SettingsError(ValueError):
    """A second reader that is switched on but not usable; the message names the variable."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible address (`…/v1`), the model there, and the file with its key.

    `timeout` and `pause` are seconds: for one answer, and between two tries.
    """

    url: str
    model: str
    key_file: Path | None = None
    timeout: float = DEFAULT_TIMEOUT
    pause: float = PAUSE

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a request; the key is read anew each time, so that it can be changed, and is kept nowhere."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        if self.key_file is None:
            return headers
        return headers | {"Authorization": f"Bearer {self.key_file.read_text(encoding='utf-8').strip()}"}


def endpoint_from(environment: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The second reader of the environment; None where no address is set. Raises `SettingsError`."""
    url = environment.get(URL, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise SettingsError(f"{URL}: an http or https address without a user and a query, such as http://host:8000/v1")
    model = environment.get(MODEL, "").strip()
    if not model:
        raise SettingsError(f"{MODEL}: no model is named")
    named = environment.get(KEY_FILE, "").strip()
    key_file = Path(named) if named else None
    if key_file is not None and not key_file.is_file():
        raise SettingsError(f"{KEY_FILE}: there is no such file")
    return Endpoint(url.rstrip("/"), model, key_file, _seconds(environment.get(TIMEOUT, "")))


def _seconds(text: str) -> float:
    try:
        seconds = float(text) if text.strip() else DEFAULT_TIMEOUT
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise SettingsError(f"{TIMEOUT}: seconds, more than 0 and at most 3600")
    return seconds
