"""A person's data: where they stand, and their erasure on request, without a hash that no longer fits.

| where | what an erasure does |
| --- | --- |
| archive | the bytes of a file that holds them go, also of a package it came in; texts are masked at their length |
| lake | letters become masks; the batch's `batch.json` bears the new hash and the one before |
| uploads, held and private editions, work | removed |
| receipts, quarantine, runs, logs | masked |
| published editions | taken away as soon as another one stands; manifest and signature stay, so every log still fits |
| inbox, buckets, backups, logs that are chained | left to a person, and told |

The words themselves are written down nowhere.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.archive import Archive, Visit
from ingest.lake import Lake
from ingest.redaction import Words, found_in_lake, redact
from jiheng.files import sha256_of_file, write_text
from jiheng.settings import LOCAL_TIME, Settings

# What becomes of each kind of place.
ERASED, MASKED, REMOVED, RETIRED, LEFT = "erased", "masked", "removed", "retired", "left"
FATES = {
    "archive": ERASED,
    "lake": MASKED,
    "upload": REMOVED,
    "unpublished": REMOVED,
    "record": MASKED,
    "edition": RETIRED,
    "chained": LEFT,
    "inbox": LEFT,
}
# Below JIHENG_HOME: records of what was done, editions that nobody has seen, and logs that are chained by hashes.
RECORDS = ("quarantine", "runs", "logs")
UNPUBLISHED = ("held/*", "private/*", "work/*", "archive/recognised/*")
CHAINED = ("desk/*.jsonl", "notices/*.jsonl", "editions/*.jsonl", "archive/*.jsonl")
# An intake that began longer ago was killed, and is done again from the inbox.
RUNNING_SECONDS = 6 * 3600
TEXTS = {".txt", ".json", ".jsonl", ".html", ".csv", ".log", ".md"}
DATABASES = {".duckdb"}


@dataclass(frozen=True, order=True)
class Place:
    """Where the words stand: what kind of place, its name, and how often or in how many cells."""

    kind: str
    name: str
    count: int

    @property
    def fate(self) -> str:
        """What an erasure does with it."""
        return FATES[self.kind]


def find(settings: Settings, words: Words, visit: Visit) -> list[Place]:
    """Every place of the installation that holds the words. That the archive was searched is put on record."""
    archive = Archive(settings.archive)
    archive.note({"event": "search", "who": visit.who, "via": visit.via, "why": visit.why})
    searches = (_in_archive, _in_lake, _in_uploads, _in_inbox, _in_records, _in_unpublished, _in_editions, _in_chained)
    return [place for search in searches for place in search(settings, words)]


def unread(settings: Settings) -> list[str]:
    """Archived files that no reader found a text in: whether they hold the words, a person has to look."""
    folders = sorted(settings.archive.glob("??/*/original"))
    return [path.parent.name for path in folders if not any(path.parent.glob("text-*.txt"))]


def erase(settings: Settings, words: Words, visit: Visit) -> list[Place]:
    """Erase the words wherever Jiheng may, and give what is left, by a search afterwards.

    Run again it goes on where it ended. Raises ValueError while a night may be running: what it has read already would
    come back.
    """
    if free := _busy_until(settings):
        raise ValueError(
            f"有一夜正在运行或中断未续：请等它结束，或在 {free} 之后再试 · a night is running, or was cut off: "
            f"let it end, or try again after {free}"
        )
    lake, archive = Lake(settings.lake), Archive(settings.archive)
    found = find(settings, words, visit)
    with lake.alone():
        files = sorted(_with_parcels(lake, {place.name for place in found if place.kind == "archive"}))
        for digest in files:
            archive.erase(digest, {"by": visit.who, "why": visit.why}, words.masked)
        redact(lake, words)
    _remove(settings, found, words, set(files))
    _retire(settings, [place.name for place in found if place.kind == "edition"], visit)
    archive.note({"event": "erase", "who": visit.who, "via": visit.via, "why": visit.why, "sha256": files})
    return find(settings, words, visit)


def _busy_until(settings: Settings) -> str | None:
    """Until when a run that has not landed what it took in may still do so; None where none has begun of late."""
    began = [path.stat().st_mtime for path in settings.work.glob("*/arrivals.json")]
    free = max(began, default=0) + RUNNING_SECONDS
    return f"{datetime.fromtimestamp(free, LOCAL_TIME):%Y-%m-%d %H:%M}" if time.time() < free else None


def _with_parcels(lake: Lake, digests: set[str]) -> set[str]:
    """The files, and the packages that they came in."""
    arrivals = lake.read("arrival", ["source_name", "sha256", "parcel"])
    parcels = {row["parcel"] for row in arrivals if row["sha256"] in digests and row["parcel"]}
    return digests | {row["sha256"] for row in arrivals if row["source_name"] in parcels and row["sha256"]}


def _remove(settings: Settings, found: Iterable[Place], words: Words, erased: set[str]) -> None:
    for place in found:
        path = settings.home / place.name
        if place.fate == REMOVED:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        elif place.kind == "record":
            path = Path(place.name) if Path(place.name).is_absolute() else path
            write_text(path, words.masked(path.read_text(encoding="utf-8", errors="replace")))
    for path in _files(settings.uploads):
        if sha256_of_file(path) in erased:
            path.unlink()


def _retire(settings: Settings, editions: list[str], visit: Visit) -> None:
    from publish.retention import erase as take_away

    if editions:
        take_away(settings.editions, editions, {"who": visit.who, "why": visit.why, "via": visit.via})


def _in_archive(settings: Settings, words: Words) -> Iterator[Place]:
    """By what readers found; where none found a text, by the bytes as far as they are text."""
    archive = Archive(settings.archive)
    counts: dict[str, int] = {}
    for digest, path in archive.texts():
        counts[digest] = max(counts.get(digest, 0), words.count(path.read_bytes().decode()))
    for digest in unread(settings):
        content = archive.path_of(digest).read_bytes()
        counts[digest] = max(words.count(content.decode(coding, "replace")) for coding in ("utf-8", "gb18030"))
    yield from (Place("archive", digest, count) for digest, count in sorted(counts.items()) if count)


def _in_lake(settings: Settings, words: Words) -> Iterator[Place]:
    for name, cells in found_in_lake(Lake(settings.lake), words).items():
        yield Place("lake", name, cells)


def _in_uploads(settings: Settings, words: Words) -> Iterator[Place]:
    for path in _files(settings.uploads):
        count = words.count(path.name) + _in_text(path, words)
        if count:
            yield Place("upload", str(path.relative_to(settings.home)), count)


def _in_inbox(settings: Settings, words: Words) -> Iterator[Place]:
    """Files that were handed in: an inbox is never changed, so a person has to take them away."""
    inbox = Path(str(settings.inbox))
    archive = Archive(settings.archive)
    held = {digest for digest, path in archive.texts() if words.count(path.read_bytes().decode())}
    for path in _files(inbox) if inbox.is_dir() else ():
        digest = sha256_of_file(path)
        count = words.count(path.name) + _in_text(path, words) + (digest in held or archive.is_erased(digest))
        if count:
            yield Place("inbox", str(path), count)


def _in_records(settings: Settings, words: Words) -> Iterator[Place]:
    inbox = Path(str(settings.inbox))
    folders = [settings.home / name for name in RECORDS]
    # Receipts may lie in the inbox itself, among the files that were handed in.
    folders += [settings.receipts] if settings.receipts != inbox else []
    for folder in folders:
        for path in _files(folder):
            if count := _in_text(path, words):
                inside = path.is_relative_to(settings.home)
                yield Place("record", str(path.relative_to(settings.home) if inside else path), count)


def _in_unpublished(settings: Settings, words: Words) -> Iterator[Place]:
    for path in sorted(path for pattern in UNPUBLISHED for path in settings.home.glob(pattern)):
        count = sum(_in_text(file, words) + _in_tables(file, words) for file in _files(path))
        if count:
            yield Place("unpublished", str(path.relative_to(settings.home)), count)


def _in_editions(settings: Settings, words: Words) -> Iterator[Place]:
    """Published editions, by the tables that all of their other files are made from."""
    for database in sorted(settings.editions.glob("*/warehouse.duckdb")):
        folder = database.parent
        if not folder.is_symlink() and (count := _in_tables(database, words)):
            yield Place("edition", folder.name, count)


def _in_chained(settings: Settings, words: Words) -> Iterator[Place]:
    for path in sorted(path for pattern in CHAINED for path in settings.home.glob(pattern)):
        if count := _in_text(path, words):
            yield Place("chained", str(path.relative_to(settings.home)), count)


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _in_text(path: Path, words: Words) -> int:
    return words.count(path.read_text(encoding="utf-8", errors="replace")) if path.suffix in TEXTS else 0


def _in_tables(path: Path, words: Words) -> int:
    """In how many cells of a DuckDB file the words stand; in none of one that is not."""
    if path.suffix not in DATABASES:
        return 0
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal and "
            "(data_type like '%VARCHAR%' or data_type = 'JSON')"
        ).fetchall()
        found = 0
        for table, column in columns:
            cells = connection.execute(
                f'select distinct "{column}"::varchar from "{table}" where "{column}" is not null'
            )
            while rows := cells.fetchmany(10_000):
                found += sum(words.count(text) > 0 for (text,) in rows)
    return found
