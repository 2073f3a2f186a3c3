"""Personal data in what is to be published: in every text column of every table, and in the bytes of every file.

What is found is told by its place and a masked sample; the number itself is shown nowhere.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import BytesIO
from itertools import accumulate, chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

from expectations.gate import Expected, found
from expectations.suites import definitions

PATTERNS = Path(__file__).with_suffix(".yaml")
PLAIN_DIGITS = str.maketrans("０１２３４５６７８９－＠", "0123456789-@")
TEXT = {".html", ".json", ".csv", ".txt", ".js", ".css", ".svg", ".xml", ".md", ".yml", ".yaml", ".rels"}
ZIPS = {".xlsx", ".docx", ".zip"}
DATABASES = {".duckdb", ".parquet"}
# More than this is scanned by two processes; below it, starting them would take longer.
LARGE = 50 << 20
PIECE = 8 << 20
# A find may lie across the end of a piece: the next one begins this much before it.
OVERLAP = 200
# In a workbook's sheet, <v> holds a typed number or the place of a shared text: never text of its own.
TYPED_VALUE = re.compile(r"<v>[^<]*</v>")
END_OF_PARAGRAPH = re.compile(r"</(?:w:p|w:tc|si|c|row|a:p)>")
TAG = re.compile(r"<[^>]*>")
MOST_ROWS = 1000
COUNTRY_CODE = re.compile(r"(?:^|(?<=[^0-9A-Za-z_.]))\+?86[- ]?$")

# (kind, masked sample)
Find = tuple[str, str]


@dataclass(frozen=True)
class Sign:
    """One way in which a kind of personal data is written."""

    kind: str
    pattern: re.Pattern[str]
    anywhere: str
    bounded: bool = False
    check: str = ""


@cache
def signs() -> tuple[Sign, ...]:
    """The patterns of `personal_data.yaml`."""
    rows = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))["personal_data"]
    return tuple(Sign(**row | {"pattern": re.compile(row["pattern"])}) for row in rows)


@cache
def _after_a_number() -> re.Pattern[str]:
    """What follows an amount or the beginning of a longer word, rather than a number to call."""
    units = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))["units"]
    return re.compile(rf"[0-9A-Za-z_]|\.[0-9]| ?[{units}]")


@cache
def _before_a_number() -> re.Pattern[str]:
    return re.compile(r"[0-9A-Za-z_.¥￥]$|[0-9A-Za-z]-$")


def finds(text: str) -> set[Find]:
    """Each kind of personal data in a text, with its masked form."""
    return {find for _, find in _in_texts([text])}


def _in_texts(texts: Sequence[str]) -> Iterator[tuple[int, Find]]:
    """What is found in which of these texts. Many small ones together: the expression is made anew for each look."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = [text.split("\n") for text in texts]
    ends = list(accumulate(map(len, lines)))
    every = pa.array(chain.from_iterable(lines), pa.large_string())
    for at in pc.indices_nonzero(pc.match_substring_regex(every, _anywhere())).to_pylist():
        number = bisect_right(ends, at)
        line = at - ends[number] + len(lines[number])
        # What a label announces may stand on the next line.
        yield from ((number, find) for find in _in_words("\n".join(lines[number][line : line + 2])))


def _in_words(text: str) -> set[Find]:
    text = text.translate(PLAIN_DIGITS)
    return {
        (sign.kind, _masked(match.group()))
        for sign in signs()
        for match in sign.pattern.finditer(text)
        if _is_one(sign, match, text)
    }


def _is_one(sign: Sign, match: re.Match[str], text: str) -> bool:
    if sign.bounded:
        before = COUNTRY_CODE.sub("", text[max(match.start() - 6, 0) : match.start()])
        if _before_a_number().search(before) or _after_a_number().match(text, match.end()):
            return False
    return not sign.check or CHECKS[sign.check](re.sub(r"[^0-9Xx]", "", match.group()))


def _is_identity_card(number: str) -> bool:
    """The last sign of a citizen's number follows from the seventeen before it (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    return "10X98765432"[rest] == number[17].upper()


def _is_luhn(number: str) -> bool:
    """The sum of a card's digits, every second one from the right doubled, ends in zero."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


CHECKS = {"identity_card": _is_identity_card, "luhn": _is_luhn}


def _masked(found: str) -> str:
    """The first three signs and the last one; behind a label, the label and one sign of what follows."""
    label, colon, value = re.match(r"(?s)([^:：]*[:：])?()(.*)", found).groups()  # type: ignore[union-attr]
    value = value.strip()
    kept = 1 if label else 3
    return f"{label or ''}{colon}{value[:kept]}{'*' * max(len(value) - kept - 1, 2)}{value[-1:] if not label else ''}"


def scan_tables(warehouse: Path) -> list[Expected]:
    """The results of the expectations about tables: every text column of every table of a DuckDB file."""
    found, checked = _in_database(warehouse)
    return _results("P0", found, checked)


def scan_files(edition: Path, looked_at: Collection[str] = ()) -> list[Expected]:
    """The results of the expectations about files: the bytes of every file under `edition`, whatever its kind.

    `looked_at` names files and folders of the edition whose content has been scanned already.
    """
    left = (path for path in edition.iterdir() if path.name not in looked_at)
    below = (path for one in left for path in ([one] if one.is_file() else one.rglob("*")))
    files = sorted(path for path in below if path.is_file())
    pieces = [piece for path in files for piece in _pieces(path)]
    found = {(kind, f"{place.relative_to(edition).as_posix()}{inside}") for place, kind, inside in _scanned(pieces)}
    return _results("P1", found, len(files))


def _results(group: str, found_there: Iterable[tuple[str, str]], checked: int) -> list[Expected]:
    """One result for each expectation of the group (tables or files), in the order of their ids."""
    ids = {one.arguments["personal_data"]: one.id for one in definitions() if _is_of(one.id, group)}
    places: dict[str, list[str]] = {kind: [] for kind in ids}
    for kind, place in found_there:
        places[kind].append(place)
    return [found(ids[kind], checked, places[kind]) for kind in ids]


def _is_of(expectation_id: str, group: str) -> bool:
    return expectation_id.startswith(group)


# A piece is a file, or a stretch of a large text file: from where, to where.
Piece = tuple[Path, int, int]
# In which file, which kind, and where inside the file with the masked sample.
Hit = tuple[Path, str, str]


def _pieces(path: Path) -> Iterator[Piece]:
    size = path.stat().st_size
    if path.suffix.lower() not in TEXT or size <= PIECE:
        yield path, 0, size
        return
    for start in range(0, size, PIECE):
        yield path, max(start - OVERLAP, 0), min(start + PIECE, size)


def _scanned(pieces: list[Piece]) -> Iterator[Hit]:
    # The largest first, so that no process ends long after the other.
    gathered = _gathered(sorted(pieces, key=lambda piece: (piece[1] - piece[2], piece)))
    if sum(end - start for _, start, end in pieces) < LARGE:
        found = map(_scan, gathered)
        yield from chain.from_iterable(found)
        return
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from chain.from_iterable(pool.map(_scan, gathered))


def _gathered(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces, in their order, as many together as fill one."""
    some: list[Piece] = []
    size = 0
    for piece in pieces:
        if some and size + piece[2] - piece[1] > PIECE:
            yield some
            some, size = [], 0
        some.append(piece)
        size += piece[2] - piece[1]
    if some:
        yield some


def _scan(pieces: Iterable[Piece]) -> list[Hit]:
    found: list[Hit] = []
    places: list[tuple[Path, str]] = []
    texts: list[str] = []
    for path, start, end in pieces:
        if path.suffix.lower() in DATABASES:
            found += [(path, kind, f"/{place}") for kind, place in _in_database(path)[0]]
            continue
        with path.open("rb") as stream:
            stream.seek(start)
            for inside, text in _in_bytes(path.name, stream.read(end - start)):
                places.append((path, inside))
                texts.append(text)
    hits = ((places[number], find) for number, find in _in_texts(texts))
    return found + [(path, kind, f"{inside}: {sample}") for (path, inside), (kind, sample) in hits]


def _in_bytes(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The texts in the bytes of a file, and where inside it each stands: in a zip, in which member."""
    suffix = Path(name).suffix.lower()
    if suffix in ZIPS and zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from ((f"/{member}{i}", text) for i, text in _in_bytes(member, archive.read(member)))
        return
    yield from (("", text) for text in _texts(suffix, content))


def _texts(suffix: str, content: bytes) -> Iterator[str]:
    """The texts that bytes may mean: one for a kind that is known, two encodings for one that is not."""
    if suffix == ".pdf":
        yield _pdf_text(content)
    elif suffix in {".xml", ".rels"}:
        marked = TYPED_VALUE.sub("", content.decode("utf-8", "replace"))
        yield unescape(TAG.sub("", END_OF_PARAGRAPH.sub("\n", marked)))
    elif suffix in TEXT:
        text = content.decode("utf-8", "replace")
        yield unescape(text) if "&#" in text else text
    else:
        yield content.decode("utf-8", "replace")
        yield content.decode("gb18030", "replace")


def _pdf_text(content: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _in_database(path: Path) -> tuple[set[tuple[str, str]], int]:
    """What is found in the text columns of a DuckDB or Parquet file, and how many columns were looked at."""
    import duckdb

    is_parquet = path.suffix == ".parquet"
    with duckdb.connect(":memory:" if is_parquet else str(path), read_only=not is_parquet) as con:
        con.execute("set enable_progress_bar = false")
        tables = [f"read_parquet('{path.as_posix()}')"] if is_parquet else _tables(con)
        columns = {table: _text_columns(con, table) for table in tables}
        found = {hit for table in tables for hit in _in_table(con, table, columns[table])}
    return found, sum(map(len, columns.values()))


def _tables(con: Any) -> list[str]:
    rows = con.execute("select schema_name || '.' || table_name from duckdb_tables() where not internal").fetchall()
    return sorted(name for (name,) in rows)


def _text_columns(con: Any, table: str) -> list[tuple[str, str]]:
    described = con.execute(f"describe select * from {table}").fetchall()
    return [(name, kind) for name, kind, *_ in described if "VARCHAR" in kind]


def _in_table(con: Any, table: str, columns: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """DuckDB finds the rows in which a text column may hold something; a closer look says whether it does."""
    if not columns:
        return
    texts = [f'"{name}"' if kind == "VARCHAR" else f'"{name}"::varchar' for name, kind in columns]
    suspected = " or ".join(f"regexp_matches({text}, $1)" for text in texts)
    rows = con.execute(f"select distinct {', '.join(texts)} from {table} where {suspected}", [_anywhere()])
    named = "" if table.startswith("read_parquet") else table.removeprefix("main.") + "."
    while some := rows.fetchmany(MOST_ROWS):
        for row in some:
            for (name, _), value in zip(columns, row, strict=True):
                yield from ((kind, f"{named}{name}: {sample}") for kind, sample in _in_words(value or ""))


@cache
def _anywhere() -> str:
    """One expression for all signs: what every find holds, cheap to look for."""
    return "|".join([*dict.fromkeys(sign.anywhere for sign in signs()), "[０-９]{4}"])
