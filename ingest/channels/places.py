"""The places where files are handed in, local or in a bucket, and what lies there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from ingest.channels.names import below, is_passed_over, is_safe, last_part, readable, safe_label
from ingest.receipts import FOLDER_ENDING
from jiheng.settings import Settings

if TYPE_CHECKING:
    from upath import UPath

Channel = Literal["folder", "bucket", "drop", "upload", "package"]


class ChannelError(RuntimeError):
    """A place that cannot be looked into at all: which, why and how to mend it."""


@dataclass(frozen=True)
class State:
    """What tells one state of a file from another: bytes, when it was last changed (POSIX seconds), a store's mark."""

    size: int
    modified: float
    mark: str = ""


@dataclass(frozen=True)
class Place:
    """One place to look into. `must_name_sender`: every file there lies in the folder of a known division."""

    root: UPath
    channel: Channel
    prefix: str = ""
    must_name_sender: bool = False

    @property
    def is_store(self) -> bool:
        """Whether it is an object store: an object is there whole or not at all, and the store says since when."""
        return bool(self.root.protocol not in ("", "file", "local"))


@dataclass(frozen=True)
class Offer:
    """One file that lies in a place. `address` is its name there, `source_name` what it is called from now on."""

    place: Place
    address: str
    source_name: str
    state: State
    channel: Channel
    sender_division: str | None = None
    reason_code: str | None = None

    @property
    def handed_in(self) -> datetime | None:
        """Since when it lies there, where the clock is not its sender's: a store's, or our own at an upload."""
        ours = self.place.is_store or self.channel == "upload"
        return datetime.fromtimestamp(self.state.modified, UTC) if ours else None

    @property
    def mark(self) -> str | None:
        """What names this state of it for good; None where only its bytes can tell."""
        return f"{self.address} {self.state.size} {self.state.mark}" if self.state.mark else None

    def state_now(self) -> State | None:
        """Its state as it is at this moment; None when it has gone."""
        try:
            return _state(self.place.root.fs.info(self.address))
        except OSError:
            return None

    def content(self) -> bytes:
        """Its bytes. Raises `OSError` where the file has gone or may not be read."""
        found: bytes = self.place.root.fs.cat_file(self.address)
        return found


def places_of(settings: Settings) -> list[Place]:
    """Where this installation is handed files, in the order in which they are looked at."""
    from upath import UPath

    inbox = Place(settings.inbox, "folder")
    found = [Place(inbox.root, "bucket") if inbox.is_store else inbox]
    if settings.drop is not None:
        found.append(Place(settings.drop, "drop", must_name_sender=True))
    return [*found, Place(UPath(settings.uploads), "upload", "upload/", must_name_sender=True)]


def offers_in(place: Place, divisions: Collection[str]) -> list[Offer]:
    """What lies in a place, in order of names; hidden, temporary and linked files and receipts are passed over.

    `divisions` are the keys of those that are known. Raises `ChannelError` for a place that cannot be looked into.
    """
    listed = ((below(address, place.root.path), address, facts) for address, facts in _listing(place).items())
    kept = ((readable(name), address, facts) for name, address, facts in listed if _is_file(name, facts))
    return sorted(
        (_offer(place, name, address, facts, divisions) for name, address, facts in kept if not _is_ignored(name)),
        key=lambda one: one.source_name,
    )


def _listing(place: Place) -> dict[str, dict[str, Any]]:
    try:
        files = place.root.fs
        # A long-lived process would be shown what it was shown before.
        files.invalidate_cache()
        if not place.is_store and not place.root.is_dir():
            return {}
        found: dict[str, dict[str, Any]] = files.find(place.root.path, detail=True)
    except ImportError as error:
        raise ChannelError(
            f"读取 {place.root} 需要另装的程序：make object-store · reading it needs an extra: {error}"
        ) from error
    except Exception as error:
        raise ChannelError(
            f"打不开收件处 {place.root}（{type(error).__name__}: {error}）。请核对地址、网络和访问密钥"
            "（AWS_ENDPOINT_URL、AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 或 ~/.aws）"
            " · this place of intake cannot be listed: check its address, the network and the credentials"
        ) from error
    return found


def _is_file(name: str, facts: dict[str, Any]) -> bool:
    """A file of its own: no folder, no link out of the place, no object that only stands for a folder."""
    return facts["type"] == "file" and not facts.get("islink") and bool(name) and not name.endswith("/")


def _is_ignored(name: str) -> bool:
    """Hidden and temporary files, and the receipts that may be kept beside the files they are of."""
    folders = PurePosixPath(name).parts[:-1]
    is_hidden = any(part.endswith(FOLDER_ENDING) or (part.startswith(".") and part != "..") for part in folders)
    return is_hidden or is_passed_over(last_part(name))


def _offer(place: Place, name: str, address: str, facts: dict[str, Any], divisions: Collection[str]) -> Offer:
    safe = is_safe(name)
    first, *rest = name.split("/")
    sender = first if rest and first in divisions else None
    reason = None if safe else "UNSAFE_NAME"
    if place.must_name_sender and sender is None:
        reason = reason or "UNKNOWN_SENDER"
    channel = "drop" if sender and place.channel == "folder" else place.channel
    source_name = place.prefix + (name if safe else safe_label(name))
    return Offer(place, address, source_name, _state(facts), channel, sender, reason)


def _state(facts: dict[str, Any]) -> State:
    """The state of a file from what a file system says of it: local ones give seconds, stores a moment and a mark."""
    modified = facts.get("mtime") or facts.get("LastModified") or 0
    seconds = modified.timestamp() if isinstance(modified, datetime) else float(modified)
    return State(int(facts["size"] or 0), seconds, str(facts.get("ETag") or "").strip('"'))
