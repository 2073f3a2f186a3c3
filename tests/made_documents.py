"""Documents that tests make with the libraries people use, as bytes."""

import io
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import olefile
import pytest
import xlsxwriter
from docx import Document as Word
from docx.document import Document as WordDocument
from xlsxwriter.workbook import Workbook


def word(write: Callable[[WordDocument], object]) -> bytes:
    """A .docx that `write` has filled."""
    document = Word()
    write(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def workbook(write: Callable[[Workbook], object]) -> bytes:
    """An .xlsx that `write` has filled."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book)
    return stream.getvalue()


def packed(**members: bytes) -> bytes:
    """A .zip of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A .zip with one member changed, or added where it was not there."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[name] = change(members.get(name, b""))
    return packed(**members)


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the first of them its catalogue."""
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + head + table + trailer


def with_body(xml: str) -> bytes:
    """A .docx whose body is this WordprocessingML (prefix w)."""
    return changed(word(lambda _: None), "word/document.xml", lambda old: _replaced_body(old, xml))


def _replaced_body(old: bytes, xml: str) -> bytes:
    head, _, rest = old.partition(b"<w:body>")
    _, _, tail = rest.partition(b"</w:body>")
    return head + b"<w:body>" + xml.encode() + b"</w:body>" + tail


def patched_stream(content: bytes, name: str, at: int, bytes_there: bytes) -> bytes:
    """A compound file with some bytes of one of its streams written over."""
    stream = io.BytesIO(content)
    with olefile.OleFileIO(stream, write_mode=True) as ole:
        whole = bytearray(ole.openstream(name).read())
        whole[at : at + len(bytes_there)] = bytes_there
        ole.write_stream(name, bytes(whole))
    return stream.getvalue()


def records(content: bytes) -> list[tuple[int, int, int]]:
    """The records of an .xls: where each begins, its kind, and its length."""
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        book = ole.openstream("Workbook").read()
    found, at = [], 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        found.append((at, kind, length))
        at += 4 + length
    return found


class Office:
    """LibreOffice as a person would use it to save a file in an old format; one profile for all, to be quick."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def save_as(self, content: bytes, suffix: str, target: str) -> bytes:
        """The file with this suffix as saved in the format `target` (an extension, or an extension and a filter)."""
        self.made += 1
        place = self.folder / str(self.made)
        place.mkdir()
        (place / f"a{suffix}").write_bytes(content)
        profile = (self.folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, f"a{suffix}"]
        subprocess.run([*command, "--outdir", "out"], cwd=place, check=True, capture_output=True, timeout=120)
        return (place / "out" / f"a.{target.partition(':')[0]}").read_bytes()


def office_in(folder: Path) -> Office:
    """LibreOffice; where it is not installed the test fails, for old formats cannot be read without it."""
    for program in ("soffice", "antiword"):
        if not shutil.which(program):
            pytest.fail(f"there is no {program}: `make system-packages` installs it")
    return Office(folder)
