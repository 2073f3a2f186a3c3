"""Every format of an edition opened again, as a reader's program would, and its rows compared with the warehouse."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb

from publish import editions
from publish.verification.checks import Found, Impossible, damaged
from publish.warehouse import (
    EDITION_COLUMNS,
    WAREHOUSE_NAME,
    columns,
    csv_columns,
    literal,
    opened,
    quoted,
    row_counts,
    table_digests,
    tables,
)

# How many rows that differ are named, for each table.
NAMED_ROWS = 5
Kinds = list[tuple[str, str]]
# What names the unit of a row.
UNIT_ENDINGS = ("_key", "_id", "_year", "function", "scope")


@dataclass(frozen=True)
class Suspects:
    """Files that are missing or have changed. They are told once, by their hash, and not opened."""

    names: frozenset[str]

    def need(self, *names: str) -> None:
        """Raise Impossible when one of the files cannot be trusted."""
        bad = sorted(self.names.intersection(names))
        if bad:
            raise Impossible(f"文件已被改动 changed files: {'、'.join(bad[:5])}")

    def sound(self, edition: Path, *endings: str) -> list[Path]:
        """The edition's files of such endings that can be opened."""
        found = sorted(path for path in edition.rglob("*") if path.suffix in endings and path.is_file())
        return [path for path in found if path.relative_to(edition).as_posix() not in self.names]


def warehouse(edition: Path, suspect: Suspects) -> Found:
    """Every table is read to its last row: counts and digests are the manifest's."""
    suspect.need(WAREHOUSE_NAME)
    listed = _tables(edition)
    digests, counts = table_digests(edition), row_counts(edition)
    problems = [f"{WAREHOUSE_NAME}: 多或缺的表 table too many or missing: {name}" for name in listed.keys() ^ digests]
    for name in sorted(listed.keys() & digests.keys()):
        if counts[name] != listed[name]["rows"]:
            problems.append(f"{name}: {counts[name]} 行，清单为 rows, the manifest says {listed[name]['rows']}")
        if digests[name] != listed[name]["digest"]:
            problems.append(f"{name}: 内容与清单的摘要不符 its content is not that of the manifest's digest")
    return Found(f"{len(digests)} 张表 tables, {sum(counts.values()):,} 行 rows", problems)


def _tables(edition: Path) -> dict[str, dict[str, Any]]:
    try:
        listed: dict[str, dict[str, Any]] = json.loads((edition / editions.MANIFEST_NAME).read_bytes())["tables"]
        return {name: {"digest": entry["digest"], "rows": entry["rows"]} for name, entry in listed.items()}
    except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
        raise Impossible("清单无法读取 the manifest cannot be read") from error


def parquet(edition: Path, suspect: Suspects) -> Found:
    """Each table's Parquet file has exactly the rows of the table."""

    def ours(table: str, kinds: Kinds) -> str:
        return f"SELECT {_names(kinds)} FROM main.{quoted(table)}"

    def theirs(path: Path, kinds: Kinds) -> str:
        return f"SELECT {_names(kinds)} FROM read_parquet({literal(str(path))})"

    return _exported(edition, suspect, "parquet", ours, theirs)


def csv(edition: Path, suspect: Suspects) -> Found:
    """Each table's CSV file has exactly the rows of the table, in the form that CSV gives them."""

    def ours(table: str, kinds: Kinds) -> str:
        return f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT {csv_columns(kinds)} FROM main.{quoted(table)})"

    def theirs(path: Path, kinds: Kinds) -> str:
        texts = ", ".join(f"{literal(name)}: 'VARCHAR'" for name, _ in kinds)
        options = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
        # Empty text stands in quotes, null does not.
        options += f", allow_quoted_nulls = false, columns = {{{texts}}}"
        return f"SELECT * FROM read_csv({literal(str(path))}, {options})"

    return _exported(edition, suspect, "csv", ours, theirs)


def _names(kinds: Kinds) -> str:
    return ", ".join(quoted(name) for name, _ in kinds)


def _exported(
    edition: Path,
    suspect: Suspects,
    folder: str,
    ours: Callable[[str, Kinds], str],
    theirs: Callable[[Path, Kinds], str],
) -> Found:
    """Compare each table with its file in `folder`: as many rows, and the same ones."""
    suspect.need(WAREHOUSE_NAME)
    problems, rows = [], 0
    with opened(edition) as con:
        found = tables(con)
        for table in found:
            path, kinds = edition / folder / f"{table}.{folder}", columns(con, table)
            if path.relative_to(edition).as_posix() in suspect.names:
                continue
            try:
                count, wrong = _differing_rows(con, ours(table, kinds), theirs(path, kinds), kinds)
            except (duckdb.Error, OSError) as error:
                problems.append(damaged(path.name, error))
                continue
            rows += count
            problems += [f"{path.name}: {sentence}" for sentence in wrong]
    return Found(f"{len(found)} 张表 tables, {rows:,} 行 rows", problems)


def _differing_rows(con: duckdb.DuckDBPyConnection, ours: str, theirs: str, kinds: Kinds) -> tuple[int, list[str]]:
    """How many rows the file has, and what differs: a sum of hashes of all rows tells cheaply whether anything does."""
    (expected, sum_here), (count, sum_there) = (
        con.execute(f"SELECT count(*), sum(hash(r)) FROM ({query}) AS r").fetchall()[0] for query in (ours, theirs)
    )
    wrong = [] if count == expected else [f"{count} 行，数据库为 rows, the warehouse has {expected}"]
    if sum_here == sum_there:
        return count, wrong
    names = [name for name, _ in kinds]
    unit = [names.index(name) for name in names if name.endswith(UNIT_ENDINGS) and name not in EDITION_COLUMNS] or [0]
    for one, other, words in (
        (ours, theirs, "只在数据库 only in the warehouse"),
        (theirs, ours, "只在文件 only in the file"),
    ):
        rows = con.execute(f"({one}) EXCEPT ALL ({other}) LIMIT {NAMED_ROWS}").fetchall()
        wrong += [f"{words}: {' '.join(str(row[place]) for place in unit)}" for row in rows]
    return count, wrong


def office(edition: Path, suspect: Suspects) -> Found:
    """Every member of the workbook and the Word bulletin has its checksum and parses, and a reader opens the whole."""
    from docx import Document
    from python_calamine import CalamineWorkbook

    openers: dict[str, Callable[[Path], object]] = {
        ".xlsx": lambda path: CalamineWorkbook.from_path(path).sheet_names,
        ".docx": lambda path: Document(str(path)).paragraphs,
    }

    def look(path: Path) -> None:
        _members(path)
        openers[path.suffix](path)

    return _each(edition, suspect.sound(edition, *openers), look)


def _members(path: Path) -> None:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        if broken := archive.testzip():
            raise ValueError(f"{broken} 校验和不符 has another checksum")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, huge_tree=True))


def pdf(edition: Path, suspect: Suspects) -> Found:
    """Each PDF opens, and each of its pages."""
    import pypdfium2

    def look(path: Path) -> None:
        with pypdfium2.PdfDocument(path) as document:
            if not len(document):
                raise ValueError("没有一页 it has no page")
            for page in document:
                page.get_size()

    return _each(edition, suspect.sound(edition, ".pdf"), look)


def json_files(edition: Path, suspect: Suspects) -> Found:
    """Each JSON file parses."""

    def look(path: Path) -> None:
        json.loads(path.read_text(encoding="utf-8"))

    return _each(edition, suspect.sound(edition, ".json"), look)


def site(edition: Path, suspect: Suspects) -> Found:
    """Each page is whole, and whatever it links to inside the edition is there."""
    from selectolax.lexbor import LexborHTMLParser

    there: dict[str, bool] = {}

    def look(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        if not text.rstrip().endswith("</html>"):
            raise ValueError("页面不完整 the page has no end")
        for node in LexborHTMLParser(text).css("[href], [src]"):
            target = _local(path, node.attributes.get("href") or node.attributes.get("src") or "", edition)
            if target and not there.setdefault(target, Path(target).is_file()):
                raise ValueError(f"链接没有着落 a link leads nowhere: {Path(target).relative_to(edition)}")

    return _each(edition, suspect.sound(edition, ".html"), look)


def _local(page: Path, link: str, edition: Path) -> str | None:
    """The file that a link means, when it lies in the edition; pages may also lead to other editions."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    target = os.path.normpath(page.parent / unquote(parts.path))
    return target if target.startswith(f"{edition}{os.sep}") else None


def _each(edition: Path, paths: Iterable[Path], look: Callable[[Path], None]) -> Found:
    """Look at each file; one that cannot be read is a problem of its own."""
    problems, found = [], list(paths)
    for path in found:
        try:
            look(path)
        except Exception as error:  # libraries raise anything over a damaged file
            problems.append(damaged(path.relative_to(edition).as_posix(), error))
    return Found(f"{len(found)} 个文件 files", problems)
