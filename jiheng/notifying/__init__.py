"""Sending notices: what is news is told to every channel that wants it, once, and what became of it is on record.

    due (records -> notices) -> text -> webhook | mail -> ledger

Any run may call `notify`: after a night, after an intake, in the morning, by hand. What failed before is tried again by
the next. Nothing that goes wrong here fails a night.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jiheng.files import alone, sha256_of_bytes
from jiheng.notifying import configuration, ledger, mail, webhook
from jiheng.notifying.configuration import Chat, Mail, NoticesError
from jiheng.notifying.due import Notice, digest_of, due
from jiheng.notifying.outcome import REFUSED, Outcome
from jiheng.notifying.secrets import Lookup, access_to
from jiheng.notifying.text import chat_text, plain_text
from jiheng.settings import Settings
from publish.digest import Message

__all__ = [
    "NoticesError",
    "Told",
    "notify",
    "notify_quietly",
    "preview",
    "said_since",
    "state",
    "state_in_words",
    "usable",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What became of one notice and one channel in this run."""

    notice: str
    channel: str
    became: Outcome

    def __str__(self) -> str:
        mark = {"sent": "✓", "unclear": "?"}.get(self.became.outcome, "✗")
        words = f"：{self.became.words}" if self.became.words else ""
        return f"{mark} {self.notice} → {self.channel} {self.became.outcome}{words}"


def folder(settings: Settings) -> Path:
    """Where the record of sending lies."""
    return settings.home / "notices"


def notify(
    settings: Settings,
    now: datetime,
    edition_id: str | None = None,
    only: str | None = None,
    again: bool = False,
    lookup: Lookup | None = None,
) -> list[Told]:
    """Send all that is news, or the digest of one edition, to each channel (or `only` to one) that was not told yet.

    `again` sends also what was told. `lookup` is how connections of Airflow are found, by its command where none is
    given. Raises NoticesError for a wrong configuration, and for an edition or a channel
    that there is not; what goes wrong with one channel is told in its outcome.
    """
    said, channels = _configured(settings, only)
    if not channels:
        return []
    found = []
    # Whoever else sends waits, and finds on record what was sent.
    with alone(folder(settings) / ".lock"):
        before = ledger.stories(folder(settings))
        for notice, channel in _meant(settings, said, channels, edition_id, now):
            if again or not before[notice.key, channel.name].is_over:
                found.append(_tell(settings, notice, channel, lookup or _by_command(settings)))
    return found


def notify_quietly(settings: Settings, now: datetime, lookup: Lookup | None = None) -> list[str]:
    """As `notify`, after a step of a night: gives a sentence each, and a sentence too for whatever goes wrong."""
    try:
        told = [str(one) for one in notify(settings, now, lookup=lookup)]
    except Exception as error:
        # A notice that cannot be sent must not undo what it tells of.
        log.warning("通知没有发出 · notices could not be sent: %s", error)
        return [f"✗ {error}"]
    for one in told:
        log.info("通知 notice %s", one)
    return told


def preview(
    settings: Settings,
    now: datetime,
    edition_id: str | None = None,
    only: str | None = None,
    lookup: Lookup | None = None,
) -> list[dict[str, Any]]:
    """What `notify` would send where, without secrets, and whether it was sent before. Nothing is sent."""
    said, channels = _configured(settings, only)
    before = ledger.stories(folder(settings))
    found = []
    for notice, channel in _meant(settings, said, channels, edition_id, now):
        about: dict[str, Any] = {
            "notice": notice.key,
            "channel": channel.name,
            "kind": channel.kind,
            "audience": channel.audience,
        }
        about["told_before"] = before[notice.key, channel.name].is_over
        try:
            shown = _prepared(notice, channel, lookup or _by_command(settings))[0]
        except NoticesError as error:
            shown = {"error": str(error)}
        found.append({**about, **shown})
    return found


def state(settings: Settings) -> list[str]:
    """Notices that are not known to have arrived, a sentence each. Raises NoticesError for a wrong configuration."""
    names = [channel.name for channel in configuration.read(settings).channels]
    troubles = ledger.open_troubles(folder(settings), names)
    return [f"{one['channel']}: {one['notice']} {one['outcome']} {one.get('words', '')}".strip() for one in troubles]


def usable(settings: Settings) -> list[tuple[str, str | None]]:
    """Each channel with what keeps it from being used: a secret that is not there, a wrong template. Nothing is sent.

    Raises NoticesError for a wrong configuration.
    """
    return [(channel.name, _problem(settings, channel)) for channel in configuration.read(settings).channels]


def _problem(settings: Settings, channel: Chat | Mail) -> str | None:
    """Prepares a notice that will never be sent."""
    sample = {str(one): Message(one, "绩衡", ("绩衡",)) for one in channel.languages}
    try:
        _prepared(Notice("sample", "digest", datetime.now(UTC), None, sample), channel, _by_command(settings))
    except NoticesError as error:
        return str(error)
    return None if channel.ca_file is None or channel.ca_file.is_file() else f"{channel.ca_file} 不存在 is not there"


def state_in_words(settings: Settings) -> list[str]:
    """As `state`, with a wrong configuration as one of the sentences."""
    try:
        return state(settings)
    except NoticesError as error:
        return [str(error)]


def said_since(settings: Settings, moment: datetime) -> list[str]:
    """What became of each notice that was sent since, a sentence each."""
    since = moment.replace(microsecond=0)
    lines = [line for line in ledger.lines(folder(settings)) if datetime.fromisoformat(line["at"]) >= since]
    return [
        str(Told(line["notice"], line["channel"], Outcome(line["outcome"], line["words"])))
        for line in lines
        if line["outcome"] != ledger.TRYING
    ]


def _by_command(settings: Settings) -> Lookup:
    from jiheng.airflow import installation

    return partial(installation.connection, settings)


def _configured(settings: Settings, only: str | None) -> tuple[configuration.Notices, list[Chat | Mail]]:
    said = configuration.read(settings)
    channels = [channel for channel in said.channels if only in (None, channel.name)]
    if only is not None and not channels:
        named = "、".join(channel.name for channel in said.channels) or "（无 none）"
        raise NoticesError(f"没有名为“{only}”的渠道 · there is no such channel; configured are: {named}")
    return said, channels


def _meant(
    settings: Settings, said: configuration.Notices, channels: list[Chat | Mail], edition_id: str | None, now: datetime
) -> Iterator[tuple[Notice, Chat | Mail]]:
    """Each notice with each channel that wants it."""
    if edition_id is None:
        notices = due(settings, said.site, said.quarantine_files, now)
    else:
        one = digest_of(settings, said.site, edition_id)
        if one is None:
            raise NoticesError(f"{edition_id} 期没有发布，或已被撤回 · no such edition is published")
        notices = [one]
    for notice in notices:
        for channel in channels:
            if channel.wants(notice.event):
                yield notice, channel


def _tell(settings: Settings, notice: Notice, channel: Chat | Mail, lookup: Lookup) -> Told:
    try:
        shown, send = _prepared(notice, channel, lookup)
    except (NoticesError, OSError) as error:
        became = Outcome(REFUSED, str(error), 0)
        ledger.note_trying(folder(settings), notice.key, channel.name, {"event": notice.event})
    else:
        told = sha256_of_bytes(str(shown["text"]).encode())
        facts = {"event": notice.event, "edition_id": notice.edition_id, "kind": channel.kind, "text_sha256": told}
        ledger.note_trying(folder(settings), notice.key, channel.name, facts)
        became = send()
    ledger.note_outcome(folder(settings), notice.key, channel.name, became)
    return Told(notice.key, channel.name, became)


def _prepared(notice: Notice, channel: Chat | Mail, lookup: Lookup) -> tuple[dict[str, Any], Callable[[], Outcome]]:
    """What would be sent, for people to look at, and the act of sending it."""
    access, messages = access_to(channel, lookup), notice.in_languages(channel.languages)
    if isinstance(channel, Mail):
        made = mail.letter(channel, notice.key, messages, notice.moment)
        envelope = {name.lower().replace("-", "_"): str(made[name]) for name in ("From", "To", "Subject", "Message-ID")}
        shown = {"server": f"{access.host}:{access.port or mail.PORTS[channel.security]}", **envelope}
        return {**shown, "text": plain_text(messages)}, lambda: mail.send(channel, access, made)

    chat = channel
    facts = {"event": notice.event, "edition": notice.edition_id or ""}

    def make(at: datetime) -> webhook.Request:
        return webhook.request_for(chat, access, facts, messages, at)

    request = make(notice.moment)
    text = chat_text(messages, chat.spoken, chat.limit_bytes)
    return {**request.shown(), "text": text}, lambda: webhook.send(chat, access, make)
