"""The archive: every file exactly as it was received, under its SHA-256, with the text that was read from it.

Personal data stay here. Nothing else in Jiheng keeps a copy of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jiheng.files import sha256_of_bytes, sync_directory, write_bytes, write_text


@dataclass(frozen=True)
class Archive:
    """A directory of received files; each lies at `ab/abcdef.../original`."""

    root: Path

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256. Bytes that are kept already are not written again."""
        digest = sha256_of_bytes(content)
        path = self.path_of(digest)
        if not path.exists():
            write_bytes(path, content)
            path.chmod(0o444)
            # The lake will say that the bytes are here: they must outlast a power cut before it does.
            for directory in (path.parent, path.parent.parent, self.root):
                sync_directory(directory)
        return digest

    def path_of(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie."""
        return self.root / digest[:2] / digest / "original"

    def put_text(self, digest: str, reader_version: str, text: str) -> None:
        """Keep the text that a reader found in the file: spans of claims count code points of it."""
        write_text(self._text_path(digest, reader_version), text)

    def text_of(self, digest: str, reader_version: str) -> str:
        """The text that a reader found, line ends as they were. Raises `FileNotFoundError` for an unknown file."""
        return self._text_path(digest, reader_version).read_bytes().decode()

    def _text_path(self, digest: str, reader_version: str) -> Path:
        return self.path_of(digest).with_name(f"text-{reader_version}.txt")
