"""Formats that LibreOffice opens (.doc, .wps, .rtf, .odt, .ods, .xlsb): converted, then read by our own readers.

A conversion can go wrong without an error: LibreOffice has run the cells of a table together, so that 15 and 135.3
became 15135.3. So a second program reads the same file, and where their numbers differ the file is sent back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.documents.containers import opened, part, tree
from ingest.documents.document import Document, DocumentError, Note
from ingest.documents.docx import read_docx
from ingest.documents.ole import has_macros
from ingest.documents.programs import find, run
from ingest.documents.second_reading import antiword_text, difference, opendocument_text, rtf_text, same_numbers
from ingest.documents.word_stream import stream_text
from ingest.documents.xlsx import read_xlsx

DOC = "application/msword"
WORKS = "application/vnd.ms-works"
RTF = "application/rtf"
WORD_XML = "application/msword+xml"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"

# What soffice ends with when it has set up a new profile and wants to be started again.
START_AGAIN = 81
# No macros, no links to other places, no questions: written into the profile of every conversion.
PROFILE = Path(__file__).with_name("office_profile.xcu")


def read_doc(content: bytes) -> Document:
    """A Word file of before 2007, also under the name .wps. Other readings: antiword, and the file's own stream."""
    notes = (Note("MACRO"),) if has_macros(content) else ()
    return _read_text(content, ".doc", DOC, (antiword_text(content), stream_text(content)), notes)


def read_works(content: bytes) -> Document:
    """A Microsoft Works text; no second program reads it."""
    return _read_text(content, ".wps", WORKS, ())


def read_rtf(content: bytes) -> Document:
    """Rich text. The other reading is by striprtf."""
    return _read_text(content, ".rtf", RTF, (rtf_text(content),))


def read_word_xml(content: bytes) -> Document:
    """Word's single XML file of 2003; no second program reads it."""
    tree(content.lstrip())
    return _read_text(content, ".xml", WORD_XML, ())


def read_odt(content: bytes) -> Document:
    """An OpenDocument text. The other reading is its own XML."""
    with opened(content) as archive:
        other = opendocument_text(part(archive, "content.xml"))
    return _read_text(content, ".odt", ODT, (other,))


def read_ods(content: bytes) -> Document:
    """An OpenDocument workbook."""
    with opened(content) as archive:
        part(archive, "content.xml")
    return replace(read_xlsx(converted(content, ".ods", "xlsx")), media_type=ODS)


def read_xlsb(content: bytes) -> Document:
    """A binary workbook of Excel 2007 and later."""
    with opened(content):
        return replace(read_xlsx(converted(content, ".xlsb", "xlsx")), media_type=XLSB)


def _read_text(
    content: bytes, suffix: str, media_type: str, readings: Sequence[str | None], notes: tuple[Note, ...] = ()
) -> Document:
    """The converted file, where one of the other readings has the same numbers.

    Raises `DocumentError` where every one differs. One that agrees is enough: antiword leaves out rows of tables with
    merged cells. Some programs show the automatic numbers of lists and some do not, so that either will do.
    """
    made = converted(content, suffix, "docx")
    document = replace(read_docx(made), media_type=media_type)
    document = replace(document, notes=document.notes + notes)
    others = [reading for reading in readings if reading]
    if not others:
        return replace(document, notes=(*document.notes, Note("ONE_READING")))
    ours = (document.text, read_docx(made, numbered=False).text)
    if not any(same_numbers(text, other) for text in ours for other in others):
        raise difference(document, others[-1])
    return document


def converted(content: bytes, suffix: str, target: str) -> bytes:
    """The file as LibreOffice saves it in the format `target`.

    Runs in a profile and a folder of its own that are removed afterwards. Raises `DocumentError` where LibreOffice is
    not installed, gives nothing, or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        scratch = Path(folder)
        source = scratch / f"source{suffix}"
        source.write_bytes(content)
        _set_up_profile(scratch / "profile")
        command = [
            *(soffice(), f"-env:UserInstallation={(scratch / 'profile').as_uri()}", "--headless", "--norestore"),
            *("--nolockcheck", "--nodefault", "--convert-to", target, "--outdir", str(scratch / "out"), str(source)),
        ]
        ended = run(command, scratch)
        if ended.code == START_AGAIN:
            ended = run(command, scratch)
        made = scratch / "out" / f"source.{target}"
        if not made.is_file():
            said = f"(ended with {ended.code}) {ended.message[:200]}"
            raise DocumentError("UNREADABLE", f"LibreOffice could not open the file {said}")
        return made.read_bytes()


def soffice() -> str:
    """The program of LibreOffice itself: the script around it would leave a process behind when it is killed."""
    found = find("soffice")
    program = Path(found).resolve().with_name("soffice.bin")
    return str(program) if program.is_file() else found


def _set_up_profile(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    shutil.copyfile(PROFILE, profile / "user" / "registrymodifications.xcu")
