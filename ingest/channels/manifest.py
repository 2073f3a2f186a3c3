"""The manifest of a package: which files it holds, and what its sender says of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.documents.document import DocumentError
from ingest.tables import Row, TableError, csv_rows

YEAR = re.compile(r"(\d{4})\s*(?:年度?)?")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Declared:
    """What the sender says of a report beside it; empty where nothing is said."""

    division: str = ""
    department: str = ""
    fiscal_year: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a manifest; `file` is the member's name relative to the manifest, with `/` between its parts."""

    file: str
    declared: Declared
    sha256: str = ""


@cache
def _words() -> Any:
    return yaml.safe_load(Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8"))


@cache
def _usual_columns() -> Mapping[str, str]:
    return {word: name for name, words in _words()["columns"].items() for word in words}


def is_manifest(name: str) -> bool:
    """Whether a file with this own name (its last part) is a manifest."""
    return normal(name).lower() in _words()["files"]


def normal(name: str) -> str:
    """A name as it is compared: Windows writes backslashes between parts, macOS takes characters apart."""
    return unicodedata.normalize("NFC", name.strip()).replace("\\", "/").removeprefix("./")


def read_manifest(content: bytes, name: str) -> list[Entry]:
    """The lines of a manifest. Raises `DocumentError` MANIFEST_UNREADABLE with the place and the way to mend it."""
    try:
        entries = [_entry(row) for row in csv_rows(content, name, _words()["needed"], _usual_columns())]
    except TableError as error:
        raise DocumentError("MANIFEST_UNREADABLE", str(error)) from error
    files = [entry.file for entry in entries]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice or not entries:
        problem = f"“{twice}”列了两次 · listed twice" if twice else "没有列出任何文件 · no file is listed"
        raise DocumentError("MANIFEST_UNREADABLE", f"{name}：{problem}")
    return entries


def _entry(row: Row) -> Entry:
    year = YEAR.fullmatch(row["fiscal_year"])
    if row["fiscal_year"] and not year:
        raise row.error("fiscal_year", "年度应写作 2024", "write a year like 2024")
    digest = row["sha256"].lower()
    if digest and not SHA256.fullmatch(digest):
        raise row.error("sha256", "应为 64 位十六进制校验值", "it must be 64 hexadecimal digits")
    if not row["file"]:
        raise row.error("file", "请填写文件名", "name the file")
    declared = Declared(row["division"], row["department"], int(year[1]) if year else None)
    return Entry(normal(row["file"]), declared, digest)
