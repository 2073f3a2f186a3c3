"""Taking files in: what is new in the channels is archived; what is empty or known already goes to quarantine."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.archive import Archive
from ingest.channels.manifest import Declared
from ingest.channels.names import last_part
from ingest.channels.parcels import Member, is_parcel, members_of
from ingest.channels.places import Offer, Place
from ingest.channels.seen import Seen
from ingest.channels.settling import is_still
from ingest.documents.document import DocumentError
from ingest.reasons import is_about, kind_of, reasons
from jiheng.files import key_of
from jiheng.monitoring.logs import named

log = logging.getLogger(__name__)
# A file that our own reader failed on is tried again after so long, not with every intake.
REST = timedelta(hours=12)
# A larger file is no report and would not fit into memory beside others: it is refused unread and not archived.
LARGEST_FILE = 256 * 1024 * 1024


@dataclass(frozen=True)
class Known:
    """An arrival that the lake holds already. One that `rests` failed by our own fault not long ago."""

    source_name: str
    sha256: str | None
    reason_code: str | None = None
    rests: bool = False


@dataclass(frozen=True)
class Arrival:
    """One file handed in, kept in the archive. With a reason code it goes no further.

    `parcel` is the source name of the package that it came in, `declared` what that package's manifest says of it. A
    parcel has an arrival of its own and is not read. `sha256` is empty where there are no bytes of its own.
    `version_id` is the version that the file was read as before, where it is read again.
    """

    arrival_id: str
    source_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    reason_code: str | None = None
    detail: str | None = None
    channel: str = "folder"
    sender_division: str | None = None
    parcel: str | None = None
    is_parcel: bool = False
    declared: Declared | None = None
    version_id: str | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Arrival:
        """The arrival that another step wrote as JSON."""
        declared = Declared(**row["declared"]) if row["declared"] else None
        return cls(**{**row, "received_at": datetime.fromisoformat(row["received_at"]), "declared": declared})

    def row(
        self, outcome: str, media_type: str | None, reason_code: str | None, detail: str | None = None
    ) -> dict[str, Any]:
        """The row of the lake's table `arrival`."""
        reason = reasons()[reason_code] if reason_code else {}
        return {
            "arrival_id": self.arrival_id,
            "source_name": self.source_name,
            "sha256": self.sha256 or None,
            "size_bytes": self.size_bytes,
            "media_type": media_type,
            "received_at": self.received_at,
            "channel": self.channel,
            "sender_division": self.sender_division,
            "parcel": self.parcel,
            "outcome": outcome,
            "reason_code": reason_code,
            "reason_zh": reason.get("reason_zh"),
            "reason_en": reason.get("reason_en"),
            "detail": detail,
        }


def take_in(
    offers: Iterable[Offer],
    archive: Archive,
    known: Sequence[Known],
    moment: datetime,
    delivered: Mapping[str, datetime],
    seen: Seen | None = None,
) -> list[Arrival]:
    """Archive every file that was not taken in before, in order of delivery.

    `known` are the arrivals that the lake holds. A file that is among them is passed over without a word, unless our
    own reader failed on it: then it is tried again. The same bytes under another name are a duplicate. `delivered`
    says when a file was handed in elsewhere; without it, its channel may; without both, `moment`. `seen` saves fetching
    objects again. A file that cannot be read now is left for next time.
    """
    desk, seen = _Desk(archive, known), seen or Seen()
    arrivals: list[Arrival] = []
    closed: set[Place] = set()
    for received_at, offer in _in_order(offers, moment, delivered):
        if offer.place in closed or desk.is_settled(offer.source_name, seen.digest_of(offer)):
            continue
        if offer.state.size > LARGEST_FILE:
            arrivals += desk.refuse_unread(offer, received_at)
            continue
        content = _content_of(offer, closed)
        if content is not None:
            digest = archive.put(content)
            seen.note(offer, digest)
            arrivals += desk.take(offer, content, digest, received_at)
    seen.keep()
    return arrivals


def _in_order(
    offers: Iterable[Offer], moment: datetime, delivered: Mapping[str, datetime]
) -> list[tuple[datetime, Offer]]:
    # A listing that names a file twice is still one file.
    once = {(one.place.root, one.address): one for one in offers}.values()
    times = ((delivered.get(last_part(one.source_name)) or one.handed_in or moment, one) for one in once)
    return sorted(times, key=lambda pair: (pair[0], pair[1].source_name))


def _content_of(offer: Offer, closed: set[Place]) -> bytes | None:
    """A file's bytes, or None with a word in the log; a store that no longer answers is closed for this time."""
    try:
        content = offer.content()
    except OSError as error:
        log.warning(
            "读不到，下次再收 · cannot be read, left for next time: %s (%s)", named(offer.source_name), error.strerror
        )
        return None
    except Exception as error:
        closed.add(offer.place)
        log.warning("收件处没有应答，下次再收 · no answer, left for next time: %s (%r)", offer.place.root, error)
        return None
    is_whole = len(content) == offer.state.size if offer.place.is_store else is_still(offer)
    if not is_whole:
        log.warning("读取时有改动，下次再收 · changed while read, left for next time: %s", named(offer.source_name))
        return None
    return content


class _Desk:
    """Knows what was taken in before, and says what becomes of the next file."""

    def __init__(self, archive: Archive, known: Sequence[Known]) -> None:
        self.archive = archive
        self.attempts = Counter((one.source_name, one.sha256) for one in known)
        self.told = {(one.source_name, one.sha256, one.reason_code) for one in known}
        done = [one for one in known if _is_done(one.reason_code)]
        resting = [one for one in known if one.rests]
        self.settled = {(one.source_name, one.sha256) for one in [*done, *resting] if one.sha256}
        # Of several with the same bytes, the first is the one that the others repeat.
        kept = reversed([one for one in done if not is_about(one.reason_code, "name")])
        self.digests = {one.sha256: one.source_name for one in kept if one.sha256}
        ours = (one for one in known if one.reason_code is not None and kind_of(one.reason_code) == "ours")
        self.again = {one.source_name for one in ours if (one.source_name, one.sha256) not in self.settled}

    def is_settled(self, name: str, digest: str | None) -> bool:
        """Whether these bytes under this name need no further look, not even for a member that is tried again."""
        return (name, digest) in self.settled and not any(one.startswith(f"{name}/") for one in self.again)

    def take(self, offer: Offer, content: bytes, digest: str, received_at: datetime) -> Iterator[Arrival]:
        """A file's arrival, followed by those of its members where it is a parcel, as far as they are new."""
        name, reason = offer.source_name, offer.reason_code
        if self.is_settled(name, digest) or (reason and (name, digest, reason) in self.told):
            return
        facts = ("", name, digest, len(content), received_at, reason, None, offer.channel, offer.sender_division)
        came = Arrival(*facts)
        if reason is None and is_parcel(content):
            yield from self._parcel(replace(came, is_parcel=True), content)
        else:
            yield from self._new(came, is_empty=not content.strip())

    def refuse_unread(self, offer: Offer, received_at: datetime) -> Iterator[Arrival]:
        """The arrival of a file that is too large, told once: its bytes are not looked at."""
        name, reason, size = offer.source_name, "TOO_LARGE", offer.state.size
        if (name, None, reason) not in self.told:
            detail = f"{size} bytes, more than {LARGEST_FILE}"
            facts = (key_of(name, reason, size), name, "", size, received_at, reason, detail)
            yield Arrival(*facts, channel=offer.channel, sender_division=offer.sender_division)

    def _parcel(self, came: Arrival, content: bytes) -> Iterator[Arrival]:
        found = list(self._new(came))
        is_new = bool(found)
        if is_new and found[0].reason_code:
            yield replace(found[0], is_parcel=False)
            return
        try:
            members = list(members_of(content))
        except DocumentError as error:
            refused = replace(came, is_parcel=False, reason_code=error.reason_code, detail=str(error))
            yield from (replace(refused, arrival_id=one.arrival_id) for one in found)
            return
        yield from found
        for member in members:
            yield from self._member(came, member, is_new)

    def _member(self, parcel: Arrival, member: Member, is_new: bool) -> Iterator[Arrival]:
        """A member's arrival. What is wrong with the parcel, not with the member's bytes, is told once a parcel."""
        came = replace(
            parcel,
            source_name=f"{parcel.source_name}/{member.name}",
            reason_code=member.reason_code,
            detail=member.detail,
            channel="package",
            parcel=parcel.source_name,
            is_parcel=False,
            declared=member.declared,
        )
        content = member.content
        digest = self.archive.put(content) if content is not None else ""
        came = replace(came, sha256=digest, size_bytes=len(content or b""))
        if content is None or is_about(member.reason_code, "parcel"):
            key = key_of(came.source_name, parcel.sha256, member.reason_code)
            yield from [replace(came, arrival_id=key)] if is_new else []
        elif is_new and (came.source_name, digest) in self.settled:
            yield self._numbered(replace(came, reason_code="DUPLICATE", detail="与以前同名包中的同一文件相同"))
        else:
            yield from self._new(came, is_empty=not content.strip())

    def _new(self, came: Arrival, is_empty: bool = False) -> Iterator[Arrival]:
        """The arrival with its id and what is wrong with it; nothing where it was settled before."""
        if (came.source_name, came.sha256) in self.settled:
            return
        same = self.digests.get(came.sha256)
        if self.archive.is_erased(came.sha256):
            came = replace(came, reason_code="ERASED")
        elif is_empty:
            came = replace(came, reason_code=came.reason_code or "EMPTY_FILE")
        elif same is not None and came.reason_code is None:
            came = replace(came, reason_code="DUPLICATE", detail=f"与“{same}”相同")
        if not is_about(came.reason_code, "name"):
            self.digests.setdefault(came.sha256, came.source_name)
        yield self._numbered(came)

    def _numbered(self, came: Arrival) -> Arrival:
        """The arrival with its id: the name, the bytes, and the how-manieth time where it is not the first."""
        attempt = self.attempts[came.source_name, came.sha256]
        more = (attempt,) if attempt else ()
        return replace(came, arrival_id=key_of(came.source_name, came.sha256, *more))


def known_from(rows: Iterable[Mapping[str, Any]], moment: datetime) -> list[Known]:
    """What the lake's rows of `arrival` say is known at a moment."""
    return [
        Known(
            row["source_name"],
            row["sha256"],
            row["reason_code"],
            rests=bool(row["reason_code"])
            and kind_of(row["reason_code"]) == "ours"
            and moment - row["recorded_at"] < REST,
        )
        for row in rows
    ]


def _is_done(reason_code: str | None) -> bool:
    """Whether a file with this outcome is not looked at again: neither our own failure nor a parcel's."""
    return reason_code is None or (kind_of(reason_code) != "ours" and not is_about(reason_code, "parcel"))
