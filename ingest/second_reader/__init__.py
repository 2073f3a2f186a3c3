"""The second reader: a language model behind an HTTP address that may vote on role and subject, and on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.second_reader.settings import endpoint_of
from jiheng.settings import Settings

if TYPE_CHECKING:
    from ingest.second_reader.reader import SecondReader


def second_reader_of(settings: Settings) -> SecondReader | None:
    """The second reader of an installation; None where none is named. Raises `SettingsError` for a useless setting."""
    endpoint = endpoint_of(settings)
    if endpoint is None:
        return None
    from ingest.second_reader.reader import SecondReader

    return SecondReader.at(endpoint, settings.reference)
