"""Where the second reader is, if there is one. Unset is off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jiheng.settings import Settings, SettingsError

# Seconds between two tries.
PAUSE = 2.0


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible address (`…/v1`), the model there, and the file with its key.

    `timeout` and `pause` are seconds: for one answer, and between two tries.
    """

    url: str
    model: str
    key_file: Path | None = None
    timeout: float = 120.0
    pause: float = PAUSE

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a request; the key is read anew each time, so that it can be changed, and is kept nowhere."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        if self.key_file is None:
            return headers
        return headers | {"Authorization": f"Bearer {self.key_file.read_text(encoding='utf-8').strip()}"}


def endpoint_of(settings: Settings) -> Endpoint | None:
    """The second reader of an installation; None where no address is set.

    Raises `SettingsError` for one that is switched on but not usable; the message names the variable.
    """
    if settings.second_reader_url is None:
        return None
    if not settings.second_reader_model:
        raise SettingsError("JIHENG_SECOND_READER_MODEL 没有写模型名 · no model is named")
    key_file = settings.second_reader_key_file
    if key_file is not None and not key_file.is_file():
        raise SettingsError("JIHENG_SECOND_READER_KEY_FILE 所指的文件不存在 · there is no such file")
    return Endpoint(settings.second_reader_url, settings.second_reader_model, key_file, settings.second_reader_timeout)
