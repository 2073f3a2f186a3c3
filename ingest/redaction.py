"""Words that name a person, found however they are written, and masked at their length wherever the lake holds them.

A batch keeps its id, its rows and their order; only letters become masks. Its `batch.json` names the hashes that its
files had before, so that a redaction that was interrupted is told apart from damage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.lake import Lake
from ingest.landing import ROWS_AT_ONCE
from ingest.reading.normalise import MASK
from jiheng.files import sha256_of_file, sync_directory, write_json, written_beside

# Keys and hashes: eleven digits in a row are no telephone number there, and without them nothing could be found again.
KEPT_COLUMNS = re.compile(r".*(_id|_ids|_key|sha256)")
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Words:
    """Names, numbers and addresses of a person, as somebody wrote them down."""

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a word that would be found nearly everywhere."""
        for word in self.words:
            if len("".join(word.split())) < 2:
                raise ValueError(f"“{word}”太短，至少两个字 · too short: two characters at least")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words in either width and with white space between their characters; numbers stand alone."""
        longest_first = sorted({"".join(word.split()) for word in self.words}, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(_spelt, longest_first)), re.IGNORECASE)

    def count(self, text: str) -> int:
        """How often they stand in a text."""
        return sum(1 for _ in self.pattern.finditer(text))

    def masked(self, text: str) -> str:
        """The text with a mask for each of their characters, so that every span keeps its place."""
        return self.pattern.sub(lambda match: MASK * len(match[0]), text)


def _spelt(word: str) -> str:
    between = r"[\s-]*" if word.isdigit() else r"\s*"
    spelt = between.join(f"[{c}{c.translate(WIDE_DIGITS)}]" if c.isdigit() else re.escape(c) for c in word)
    return rf"(?<![0-9０-９]){spelt}(?![0-9０-９])" if word.isdigit() else spelt


def found_in_lake(lake: Lake, words: Words) -> dict[str, int]:
    """In how many cells of each file the words stand, by `batch/table`."""
    found = {}
    for path in sorted(lake.batches.glob("*/*.parquet")):
        table = pq.read_table(path)
        cells = sum(words.count(text) > 0 for name in _open(table) for text in _texts(table[name].to_pylist()))
        if cells:
            found[f"{path.parent.name}/{path.stem}"] = cells
    return found


def redact(lake: Lake, words: Words) -> dict[str, int]:
    """Mask the words in every file of the lake, and give in how many cells they stood, by `batch/table`.

    Whoever calls holds the lake's lock. Run again, it goes on where it ended.
    """
    found = found_in_lake(lake, words)
    for name in found:
        batch, table = name.split("/")
        _redact(lake.batches / batch / f"{table}.parquet", words)
    return found


def _redact(path: Path, words: Words) -> None:
    facts_at = path.with_name("batch.json")
    facts: dict[str, Any] = json.loads(facts_at.read_text(encoding="utf-8"))
    table = pq.read_table(path)
    for name in _open(table):
        at, field = table.schema.get_field_index(name), table.schema.field(name)
        masked = [_masked(value, words) for value in table[name].to_pylist()]
        table = table.set_column(at, field, pa.array(masked, field.type))
    with written_beside(path) as beside:
        pq.write_table(table, beside, compression="zstd", row_group_size=ROWS_AT_ONCE)
        # What is to stand here is said before it does: a crash in between is known for what it is.
        redacted = facts.setdefault("redacted", {})
        redacted[path.name] = list(dict.fromkeys([*redacted.get(path.name, ()), sha256_of_file(path)]))
        facts["files"][path.name] = sha256_of_file(beside)
        write_json(facts_at, facts)
    sync_directory(path.parent)


def _open(table: pa.Table) -> list[str]:
    """The columns that hold words of people."""
    return [field.name for field in table.schema if not KEPT_COLUMNS.fullmatch(field.name) and _holds_text(field.type)]


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind):
        return _holds_text(kind.value_type)
    if pa.types.is_struct(kind):
        return any(_holds_text(kind.field(at).type) for at in range(kind.num_fields))
    return bool(pa.types.is_string(kind))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _masked(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return words.masked(value)
    if isinstance(value, list):
        return [_masked(one, words) for one in value]
    if isinstance(value, dict):
        return {name: one if KEPT_COLUMNS.fullmatch(name) else _masked(one, words) for name, one in value.items()}
    return value
