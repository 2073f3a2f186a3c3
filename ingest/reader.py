"""Reading and checking one archived file, as pure functions from its bytes to a document and from that to rows."""

from __future__ import annotations

import json
import os
import re
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ingest.checking.case import Case
from ingest.checking.catalogue import parameters_for
from ingest.checking.grades import thresholds_for
from ingest.checking.verdict import Judgement, judge
from ingest.documents import Document, DocumentError, read_document
from ingest.identify import Directory, Identity, duties_of, identify
from ingest.inbox import Arrival
from ingest.reading.coverage import UNCLAIMED
from ingest.reading.grammar import read_table
from ingest.reading.normalise import mask_personal_data, personal_data_in
from ingest.reading.report import Reading, read_report
from ingest.rows import rows_of
from jiheng.files import canonical_json, sha256_of_bytes
from jiheng.settings import LOCAL_TIME

# Bytes of address space, seconds of wall clock, open files, and bytes of one file that a reading process may write.
MEMORY_LIMIT = 2 * 1024**3
SECONDS_LIMIT = 60
OPEN_FILES_LIMIT = 256
FILE_SIZE_LIMIT = 512 * 1024**2
# Recognising the pages of a scan takes seconds each. What was recognised is kept for the next try.
SCAN_SECONDS_LIMIT = 900
# Numbers in a report that is read: a hundred times those of a long one. Each costs some 13 KB while it is checked.
FIGURES_LIMIT = 100_000
FIGURE = re.compile(r"\d[\d.,，．]*")

NO_ROWS = "{}"


@dataclass(frozen=True)
class ReaderData:
    """What reading needs beside the file itself: divisions and departments, provinces, and reference tables."""

    directory: Directory
    provinces: Mapping[str, str]
    reference: Path


@dataclass(frozen=True)
class Outcome:
    """What became of one file: rows for the lake and the document's text, or the reason why there are none.

    Rows are JSON from the process that read the file to the one that lands them: who only passes them on pays nothing,
    and who asks for the year alone no more.
    """

    media_type: str | None
    reason_code: str | None
    detail: str = ""
    text: str = ""
    rows_as_json: str = NO_ROWS
    fiscal_year: int | None = None

    @property
    def is_identified(self) -> bool:
        """Whether there are rows."""
        return self.rows_as_json != NO_ROWS

    @cached_property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table of the lake; decimals, days and times are texts."""
        found: dict[str, list[dict[str, Any]]] = json.loads(self.rows_as_json)
        return found

    def kept(self) -> str:
        """The outcome for a file between two steps, without the text: two lines of JSON."""
        names = ("media_type", "reason_code", "detail", "fiscal_year")
        told = {name: getattr(self, name) for name in names}
        return f"{canonical_json(told)}\n{self.rows_as_json}\n"

    @classmethod
    def from_kept(cls, stored: str) -> Outcome:
        """The outcome that such a file holds."""
        told, rows, _ = stored.split("\n")
        return cls(**json.loads(told), rows_as_json=rows)


def limit_memory() -> None:
    """Bound the memory of this process and of all that come from it."""
    _limit(resource.RLIMIT_AS, MEMORY_LIMIT)


def limit_process(seconds: int) -> None:
    """Bound what a reading process may use: a bomb costs its own file only. Programs it starts have the same bounds.

    `seconds` is its time by the clock; it may use as much of every processor.
    """
    processor_seconds = seconds * (os.cpu_count() or 1)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_NOFILE, OPEN_FILES_LIMIT),
        (resource.RLIMIT_FSIZE, FILE_SIZE_LIMIT),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(limit, most)


def _limit(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (soft, hard if limit == resource.RLIMIT_CPU else soft))


def read_and_check(path: Path, arrival: Arrival, data: ReaderData) -> Outcome:
    """Read an archived file, identify its sender, check it, and give the rows that the lake will hold."""
    began = time.perf_counter()
    document = document_of(path, arrival.sha256)
    return document if isinstance(document, Outcome) else check(document, arrival, data, began)


def document_of(path: Path, sha256: str = "") -> Document | Outcome:
    """The document that an archived file holds, or why it holds none; its bytes are those that were received."""
    try:
        content = path.read_bytes()
        if sha256 and sha256_of_bytes(content) != sha256:
            raise DocumentError("ARCHIVE_CHANGED", f"{len(content)} bytes are not those that were received")
        return read_document(content)
    except DocumentError as error:
        return Outcome(None, error.reason_code, str(error))


def check(document: Document, arrival: Arrival, data: ReaderData, began: float) -> Outcome:
    """Identify a document's sender, check it, and give the rows that the lake will hold. `began` is when reading it
    did, by `time.perf_counter`.
    """
    try:
        functions = read_table(data.reference / "functions.csv")
        identity = identify(document.text, data.directory, functions)
        _check_figures(document)
    except DocumentError as error:
        return Outcome(document.media_type, error.reason_code, str(error))
    seconds = {"identified": time.perf_counter() - began}
    reading = read_report(document, identity.fiscal_year, data.reference)
    seconds["read"] = time.perf_counter() - began - seconds["identified"]
    received_on = arrival.received_at.astimezone(LOCAL_TIME).date()
    judgement = judge_report(document, identity, reading, data, received_on)
    seconds["checked"] = time.perf_counter() - began - seconds["identified"] - seconds["read"]
    rows = rows_of(arrival, document, identity, reading, judgement, seconds)
    return Outcome(document.media_type, None, "", document.text, canonical_json(rows), identity.fiscal_year)


def _check_figures(document: Document) -> None:
    count = sum(1 for _ in FIGURE.finditer(document.text))
    if count > FIGURES_LIMIT:
        raise DocumentError("TOO_LARGE", f"{count} numbers, more than {FIGURES_LIMIT}")


def case_of(
    document: Document, identity: Identity, reading: Reading, data: ReaderData, received_on: date | None
) -> Case:
    """The report as rules are given it, with what holds for its place and its year."""
    province = data.provinces.get(identity.division_key)
    known = data.directory.departments.get(identity.division_key)
    grades = read_table(data.reference / "grade_thresholds.csv")
    parameters = read_table(data.reference / "rule_parameters.csv")
    return Case(
        submission=identity,
        claims=reading.claims,
        statements=reading.statements,
        identities=(),
        text=reading.text,
        thresholds=thresholds_for(grades, province, identity.fiscal_year),
        parameters=parameters_for(parameters, province, identity.fiscal_year),
        is_form=reading.is_form,
        other_divisions=other_divisions(reading.text, identity, data.directory),
        is_registered=identity.department_name in known if known else None,
        received_on=received_on,
        personal_data=personal_data_in(document.text),
        unclaimed=tuple(reading.coverage.examples(mask_personal_data(document.text), UNCLAIMED)),
        directions={row["indicator_key"]: row["direction"] for row in read_table(data.reference / "indicators.csv")},
    )


def judge_report(
    document: Document, identity: Identity, reading: Reading, data: ReaderData, received_on: date | None = None
) -> Judgement:
    """Judge a report by the rules in force on the day it was received; without a day, by all."""
    parents = {row["category"]: row["parent"] for row in read_table(data.reference / "budget_categories.csv")}
    return judge(case_of(document, identity, reading, data, received_on), parents, data.reference)


def other_divisions(text: str, identity: Identity, directory: Directory) -> tuple[str, ...]:
    """Departments of the same kind but of another division that the duties name: a sign of copied text."""
    duties = duties_of(text)
    own = identity.department_name
    found = {
        match[0]
        for match in directory.pattern.finditer(duties)
        if match[2] == own and all(d.division_key != identity.division_key for d in directory.by_alias[match[1]])
    }
    return tuple(sorted(found))
