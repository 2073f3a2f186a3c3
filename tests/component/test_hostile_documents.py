"""Files made to do harm: each costs itself only, with its reason, and what is read beside it is read."""

import faulthandler
import io
import multiprocessing
import os
import signal
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser

from ingest.documents import Document, DocumentError, read_document
from ingest.identify import Directory, Division
from ingest.inbox import Arrival
from ingest.pool import isolated, read_all
from ingest.reader import Outcome, ReaderData
from ingest.reasons import reasons
from jiheng.files import sha256_of_bytes
from jiheng.settings import PROJECT_ROOT, Settings
from tests.made_documents import changed, packed, pdf, with_body, word, workbook

ROW = "<tr><td>项目</td><td>12.5</td></tr>"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(8))
    + b"]>"
)
REPORT = word(lambda one: one.add_paragraph("部门整体支出绩效自评报告"))
FORM = workbook(lambda book: book.add_worksheet().write(0, 0, 1))


def laughing(old: bytes) -> bytes:
    body = old.partition(b"?>")[2]
    return LAUGHS + body.replace(b"</w:body>", b"<w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body>")


def encrypted(content: bytes) -> bytes:
    stream = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt("password", stream)
    return stream.getvalue()


def isolated_in_a_clean_process(
    read: Callable[[], Document | Outcome], seconds: int, folder: Path
) -> Document | Outcome:
    """As in an intake: the memory that other tests have taken in this process does not count."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as worker:
        return worker.submit(isolated, read, seconds, folder).result()


def quoted_bomb() -> bytes:
    """Members that all say to be small and share one large stretch of zeros."""
    content = packed(**{"word/document.xml": b"0" * 90_000_000})
    return content


def deep_word(depth: int) -> bytes:
    return with_body("<w:sdt><w:sdtContent>" * depth + "</w:sdtContent></w:sdt>" * depth)


def lying_size() -> bytes:
    """A package whose directory says that its member is small."""
    content = bytearray(packed(**{"a.txt": b"0" * 5_000_000}))
    small = (100).to_bytes(4, "little")
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = small
    content[22:26] = small
    return bytes(content)


def picture(width: int, height: int) -> bytes:
    """A PNG that is black all over, of a few KB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    about = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", about) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PAGES = b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>"
HOSTILE = {
    "pages that hold each other": (
        lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", PAGES, b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"),
        "UNREADABLE",
    ),
    "arrays nested without end": (
        lambda: pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 200_000 + b"]" * 200_000 + b">>", PAGES),
        "UNREADABLE",
    ),
    "a picture larger than any scanner makes": (lambda: picture(30_000, 30_000), "TOO_LARGE"),
    "a bomb under the limit of bytes": (quoted_bomb, "TOO_LARGE"),
    "a bomb in a package": (lambda: packed(**{"a.docx": quoted_bomb()}), "TOO_LARGE"),
    "a package that lies about its size": (lying_size, "UNREADABLE"),
    "entities in a Word file": (lambda: changed(REPORT, "word/document.xml", laughing), "UNREADABLE"),
    "entities in the styles": (lambda: changed(REPORT, "word/styles.xml", laughing), "UNREADABLE"),
    "entities in a sheet": (lambda: changed(FORM, "xl/worksheets/sheet1.xml", laughing), "UNREADABLE"),
    "entities in UTF-16": (
        lambda: changed(FORM, "xl/sharedStrings.xml", lambda _: (LAUGHS + b"<sst>&i;</sst>").decode().encode("utf-16")),
        "UNREADABLE",
    ),
    "content controls without end": (lambda: deep_word(5000), "UNREADABLE"),
    "a table of very many columns": (
        lambda: with_body(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc><w:tc/></w:tr></w:tbl>'
        ),
        "TOO_LARGE",
    ),
    "an encrypted Word file": (lambda: encrypted(REPORT), "ENCRYPTED"),
    "an encrypted workbook": (lambda: encrypted(FORM), "ENCRYPTED"),
    "a web page nested without end": (lambda: b"<html>" + b"<div>" * 100_000, "TOO_LARGE"),
    "far too many members": (lambda: packed(**{f"{n}": b"1" for n in range(5001)}), "TOO_LARGE"),
    "a cell beyond any sheet": (
        lambda: changed(FORM, "xl/worksheets/sheet1.xml", lambda old: old.replace(b'r="A1"', b'r="ZZZZ99999999"')),
        "UNREADABLE",
    ),
    "a string that is not there": (
        lambda: changed(
            FORM,
            "xl/worksheets/sheet1.xml",
            lambda old: old.replace(b'<c r="A1">', b'<c r="A1" t="s">').replace(b"<v>1</v>", b"<v>77</v>"),
        ),
        "UNREADABLE",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(DocumentError) as refusal:
        read_document(make())
    assert refusal.value.reason_code == reason


def test_no_reason_is_without_a_sentence_for_the_sender() -> None:
    told = reasons()
    assert {reason for _, reason in HOSTILE.values()} <= told.keys()
    assert all(row["reason_zh"].endswith("。") and row["reason_en"] for row in told.values())


@pytest.fixture(scope="module")
def data() -> ReaderData:
    return ReaderData(Directory(()), {}, Settings(PROJECT_ROOT).reference)


def arrivals(folder: Path, **files: bytes) -> list[tuple[Arrival, Path]]:
    found = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        found.append((Arrival(name, name, sha256_of_bytes(content), len(content), datetime.now(UTC)), path))
    return found


def test_one_bad_file_among_others_costs_only_itself(tmp_path: Path, data: ReaderData) -> None:
    files = arrivals(tmp_path, good=REPORT, bomb=quoted_bomb(), encrypted=encrypted(REPORT), form=FORM)
    outcomes = {arrival.source_name: outcome.reason_code for arrival, outcome in read_all(files, data)}
    assert outcomes == {
        "good": "UNKNOWN_DIVISION",
        "bomb": "TOO_LARGE",
        "encrypted": "ENCRYPTED",
        "form": "NOT_A_REPORT",
    }


def test_a_report_of_more_numbers_than_can_be_checked_is_refused(tmp_path: Path, data: ReaderData) -> None:
    directory = Directory((Division("d1", "示例县", "p1", ("示例县",)),))
    head = "示例县教育局部门整体支出绩效自评报告\n（2024年度）\n"
    files = arrivals(tmp_path, much=(head + "项目支出12.5万元，完成率100%。\n" * 50_001).encode())
    [(_, outcome)] = read_all(files, replace(data, directory=directory))
    assert (outcome.reason_code, outcome.detail) == ("TOO_LARGE", "100003 numbers, more than 100000")


def long_table(rows: int) -> Document:
    return read_document(f"<html><body><table>{ROW * rows}</table></body></html>".encode())


@pytest.mark.parametrize("rows", [100_000, 20])
def test_every_row_of_a_long_table_is_read(rows: int, tmp_path: Path) -> None:
    document = isolated_in_a_clean_process(partial(long_table, rows), 60, tmp_path)
    assert isinstance(document, Document)
    assert document.text.count("12.5") == rows


def never_ends() -> Outcome:
    """What Lexbor does with a page that our reader refuses: minutes inside a library, where no signal is heard."""
    LexborHTMLParser("<div>" * 300_000)
    raise AssertionError("the page was read after all: it is no longer slow")


def asks_for_all_memory() -> Outcome:
    return Outcome(None, None, str(len(bytearray(64 * 1024**3))), "", {})


def ends_the_process() -> Outcome:
    """What calamine does with two cells far apart: it asks for all in between, and aborts."""

    def write(book) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 2)

    faulthandler.disable()
    CalamineWorkbook.from_filelike(io.BytesIO(workbook(write))).get_sheet_by_index(0)
    raise AssertionError("calamine has read the sheet: the guard against it may go")


def test_a_child_that_the_kernel_ends_is_told_apart(tmp_path: Path) -> None:
    outcome = isolated_in_a_clean_process(ends_the_process, 10, tmp_path)
    assert (outcome.reason_code, outcome.detail) == ("READER_FAILED", "SIGABRT")


def test_a_child_that_asks_for_too_much_memory_fails_alone(tmp_path: Path) -> None:
    outcome = isolated_in_a_clean_process(asks_for_all_memory, 10, tmp_path)
    assert (outcome.reason_code, outcome.detail.partition(":")[0]) == ("READER_FAILED", "MemoryError")


def test_a_child_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    started = tmp_path / "started"

    def hangs() -> Outcome:
        other = os.fork()
        if other:
            started.write_text(str(other))
        return never_ends()

    outcome = isolated(hangs, 1, tmp_path)
    assert outcome.reason_code == "READER_TIMEOUT"
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(int(started.read_text()), 0)
            time.sleep(0.02)


def test_a_child_killed_from_outside_fails_alone(tmp_path: Path) -> None:
    place = tmp_path / "pid"

    def tells_its_number() -> Outcome:
        place.write_text(str(os.getpid()))
        return never_ends()

    def kill_it() -> None:
        while not place.exists() or not place.read_text():
            time.sleep(0.01)
        os.kill(int(place.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill_it)
    killer.start()
    outcome = isolated(tells_its_number, 20, tmp_path)
    killer.join()
    assert (outcome.reason_code, outcome.detail) == ("READER_FAILED", "SIGKILL")


class Deadly(dict[str, str]):
    """A register that ends the process of whoever looks something up: as if checking a document had broken Python."""

    def get(self, key: str, default: str | None = None) -> str | None:
        if key == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return default


def test_a_worker_that_dies_while_it_checks_a_document_costs_that_file_only(tmp_path: Path) -> None:
    divisions = (Division("d1", "平安县", "p1", ("平安县",)), Division("deadly", "示例县", "p1", ("示例县",)))
    deadly = ReaderData(Directory(divisions), Deadly(), Settings(PROJECT_ROOT).reference)
    report = "示例县教育局部门整体支出绩效自评报告\n（2024年度）\n年初预算100万元。\n".encode()
    files = arrivals(tmp_path, first=report, second=FORM)
    outcomes = {arrival.source_name: outcome.reason_code for arrival, outcome in read_all(files, deadly, processes=1)}
    assert outcomes == {"first": "READER_FAILED", "second": "NOT_A_REPORT"}


def test_nothing_is_left_in_the_scratch_folder(tmp_path: Path) -> None:
    def leaves_a_file() -> Outcome:
        import tempfile

        Path(tempfile.mkdtemp(), "left").write_text("1")
        return Outcome("text/plain", None, "", "", "{}")

    assert isolated(leaves_a_file, 10, tmp_path).media_type == "text/plain"
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_never_fills_the_disk_or_the_memory_of_its_reader(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(
                f"{number}.xlsx", changed(FORM, "xl/worksheets/sheet1.xml", lambda old: old + b" " * 4_000_000)
            )
    outcome = isolated_in_a_clean_process(partial(read_document, content.getvalue()), 60, tmp_path)
    assert outcome.media_type == "application/zip"
