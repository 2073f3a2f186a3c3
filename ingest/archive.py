"""The archive: every file exactly as it was received, under its SHA-256, with the text that was read from it.

Personal data stay here. Nothing else in Jiheng keeps a copy of a file. Who looks into a file, and what for, is a line
in `visits.jsonl`; what was erased on request leaves a tombstone, and its bytes do not come back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jiheng import chain
from jiheng.files import alone, sha256_of_bytes, sha256_of_file, sync_directory, write_bytes, write_json, write_text

VISITS_NAME = "visits.jsonl"
TOMBSTONE_NAME = "erased.json"
# A visit names so many files; of more it says how many there were, and the lake says which.
NAMED = 20


class ErasedError(RuntimeError):
    """Bytes that were erased on request: there is nothing to read any more."""


@dataclass(frozen=True)
class Visit:
    """Who looks into the archive, through what (a verb or a run), and what for."""

    who: str
    via: str
    why: str


@dataclass(frozen=True)
class Archive:
    """A directory of received files; each lies at `ab/abcdef.../original`."""

    root: Path

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256. Bytes that are kept, or were erased, are not written again; what a
        disk has made of them since is.
        """
        digest = sha256_of_bytes(content)
        path = self.path_of(digest)
        is_whole = path.exists() and sha256_of_file(path) == digest
        if not is_whole and not self.is_erased(digest):
            write_bytes(path, content)
            path.chmod(0o444)
            # The lake will say that the bytes are here: they must outlast a power cut before it does.
            for directory in (path.parent, path.parent.parent, self.root):
                sync_directory(directory)
        return digest

    def path_of(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie. Whoever reads them says so first: `visited`."""
        return self.root / digest[:2] / digest / "original"

    def put_text(self, digest: str, reader_version: str, text: str) -> None:
        """Keep the text that a reader found in the file: spans of claims count code points of it."""
        write_text(self._text_path(digest, reader_version), text)

    def text_of(self, digest: str, reader_version: str, visit: Visit) -> str:
        """The text that a reader found, line ends as they were. Raises `FileNotFoundError` for an unknown file."""
        path = self._text_path(digest, reader_version)
        self.visited(visit, [digest])
        return path.read_bytes().decode()

    def visited(self, visit: Visit, digests: Sequence[str]) -> None:
        """Put on record who is about to look into these files, and what for."""
        if digests:
            self.note({"event": "visit", **asdict(visit), "files": len(digests), "sha256": list(digests[:NAMED])})

    def note(self, event: Mapping[str, Any]) -> None:
        """Append a line to the log of visits."""
        with alone(self.root / f".{VISITS_NAME}.lock"):
            chain.record(self.root, event, VISITS_NAME)

    def visits(self) -> list[chain.Event]:
        """Who looked into the archive and who had something erased, oldest first."""
        return chain.history(self.root, VISITS_NAME)

    def damage(self) -> list[str]:
        """Where the log of visits is not as it was written."""
        return chain.broken(self.root, VISITS_NAME)

    def texts(self) -> Iterator[tuple[str, Path]]:
        """Every text that a reader found, with the SHA-256 of its file, in their order."""
        for path in sorted(self.root.glob("??/*/text-*.txt")):
            yield path.parent.name, path

    def is_erased(self, digest: str) -> bool:
        """Whether these bytes were erased on request."""
        return self._tombstone(digest).exists()

    def tombstone(self, digest: str) -> dict[str, Any]:
        """What stands in the place of erased bytes: when, by whom, and why."""
        facts: dict[str, Any] = json.loads(self._tombstone(digest).read_text(encoding="utf-8"))
        return facts

    def erase(self, digest: str, facts: Mapping[str, Any], masked: Callable[[str], str]) -> None:
        """Take the bytes away for good and mask the texts that were read from them, each at its length.

        The tombstone is written first, so that a crash leaves nothing that could be taken for a loss; run again, it
        goes on where it ended.
        """
        if not self.is_erased(digest):
            write_json(self._tombstone(digest), {"sha256": digest, **facts})
            sync_directory(self._tombstone(digest).parent)
        original = self.path_of(digest)
        for path in sorted(original.parent.glob("text-*.txt")):
            write_text(path, masked(path.read_bytes().decode()))
        original.unlink(missing_ok=True)
        sync_directory(original.parent)

    def _tombstone(self, digest: str) -> Path:
        return self.path_of(digest).with_name(TOMBSTONE_NAME)

    def _text_path(self, digest: str, reader_version: str) -> Path:
        return self.path_of(digest).with_name(f"text-{reader_version}.txt")
