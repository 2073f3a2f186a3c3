"""Objects of a store that were fetched before: the store's own mark (ETag) tells that their bytes are the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from ingest.channels.places import Offer
from jiheng.files import write_json


@dataclass
class Seen:
    """SHA-256 by mark. It only saves fetching: without the file everything is fetched once more."""

    path: Path | None = None
    digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> Seen:
        """What was kept at a path; nothing where there is no file or it cannot be understood."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        return cls(path, {str(mark): str(digest) for mark, digest in kept.items()} if isinstance(kept, dict) else {})

    def digest_of(self, offer: Offer) -> str | None:
        """The SHA-256 of an object in this very state, where it was fetched before."""
        return self.digests.get(offer.mark) if offer.mark else None

    def note(self, offer: Offer, digest: str) -> None:
        """Remember an object that was fetched."""
        if offer.mark:
            self.digests[offer.mark] = digest

    def keep(self) -> None:
        """Write what is remembered, in one visible step."""
        if self.path and self.digests:
            write_json(self.path, self.digests)
