"""Reading and checking one archived file, as a pure function from its bytes to rows; run in a process of its own."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from ingest.checking.case import Case
from ingest.checking.catalogue import parameters_for
from ingest.checking.grades import thresholds_for
from ingest.checking.verdict import Judgement, judge
from ingest.documents import Document, DocumentError, read_document
from ingest.identify import Directory, Identity, duties_of, identify
from ingest.inbox import Arrival
from ingest.reading.claims import READER_VERSION, Claim
from ingest.reading.coverage import CLAIMED, UNCLAIMED, Coverage
from ingest.reading.grammar import read_table
from ingest.reading.normalise import mask_personal_data, personal_data_in
from ingest.reading.report import Reading, read_report
from ingest.schema import TABLES
from jiheng.files import canonical_json, key_of
from jiheng.settings import LOCAL_TIME

# Bytes of address space, seconds of wall clock, open files, and bytes of one file that a reading process may write.
MEMORY_LIMIT = 2 * 1024**3
SECONDS_LIMIT = 60
OPEN_FILES_LIMIT = 256
FILE_SIZE_LIMIT = 512 * 1024**2
# Recognising the pages of a scan takes seconds each. What was recognised is kept for the next try.
SCAN_SECONDS_LIMIT = 900
# Columns of the lake's table `claim` that a claim has under the same name.
CLAIM_COLUMNS = tuple(name for name in TABLES["claim"].names if name in {field.name for field in fields(Claim)})


@dataclass(frozen=True)
class ReaderData:
    """What reading needs beside the file itself: divisions and departments, provinces, and reference tables."""

    directory: Directory
    provinces: Mapping[str, str]
    reference: Path


@dataclass(frozen=True)
class Outcome:
    """What became of one file: rows for the lake and the document's text, or the reason why there are none."""

    media_type: str | None
    reason_code: str | None
    detail: str
    text: str
    rows: dict[str, list[dict[str, Any]]]


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
        _, hard = resource.getrlimit(limit)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (soft, hard if limit == resource.RLIMIT_CPU else soft))


def read_and_check(path: Path, arrival: Arrival, data: ReaderData) -> Outcome:
    """Read an archived file, identify its sender, check it, and give the rows that the lake will hold."""
    began = time.perf_counter()
    media_type: str | None = None
    try:
        document = read_document(path.read_bytes())
        media_type = document.media_type
        functions = read_table(data.reference / "functions.csv")
        identity = identify(document.text, data.directory, functions)
    except DocumentError as error:
        return Outcome(media_type, error.reason_code, str(error), "", {})
    seconds = {"identified": time.perf_counter() - began}
    reading = read_report(document, identity.fiscal_year, data.reference)
    seconds["read"] = time.perf_counter() - began - seconds["identified"]
    received_on = arrival.received_at.astimezone(LOCAL_TIME).date()
    judgement = judge_report(document, identity, reading, data, received_on)
    seconds["checked"] = time.perf_counter() - began - seconds["identified"] - seconds["read"]
    rows = _rows(arrival, document, identity, reading, judgement, seconds)
    return Outcome(media_type, None, "", document.text, rows)


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


def _rows(
    arrival: Arrival,
    document: Document,
    identity: Identity,
    reading: Reading,
    judgement: Judgement,
    seconds: Mapping[str, float],
) -> dict[str, list[dict[str, Any]]]:
    version_id = key_of(identity.submission_id, arrival.sha256)
    coverage = reading.coverage
    read = {"claims": len(reading.claims), "digits": coverage.digits, "unclaimed": len(coverage.unclaimed)}
    stages: dict[str, tuple[str, dict[str, int]]] = {
        "identified": ("done", {"characters": len(document.text)}),
        "read": ("done", read),
        "checked": (judgement.verdict, _tally(judgement)),
    }
    return {
        "submission_version": [_version_row(version_id, arrival, document, identity, coverage, judgement.verdict)],
        "claim": [_claim_row(version_id, document, claim) for claim in judgement.claims],
        "statement": _statement_rows(version_id, document, reading),
        "coverage": _coverage_rows(version_id, reading, mask_personal_data(document.text)),
        "finding": _finding_rows(version_id, judgement),
        "observation": _observation_rows(version_id, judgement),
        "stage_outcome": [
            _stage(arrival, version_id, stage, *stages[stage], spent) for stage, spent in seconds.items()
        ],
    }


def _version_row(
    version_id: str, arrival: Arrival, document: Document, identity: Identity, coverage: Coverage, verdict: str
) -> dict[str, Any]:
    return {
        "submission_version_id": version_id,
        "submission_id": identity.submission_id,
        "arrival_id": arrival.arrival_id,
        "division_key": identity.division_key,
        "department_key": identity.department_key,
        "department_name": identity.full_name,
        "functions": list(identity.functions),
        "fiscal_year": identity.fiscal_year,
        "filled_on": identity.filled_on,
        "received_at": arrival.received_at,
        "source_name": arrival.source_name,
        "sha256": arrival.sha256,
        "media_type": document.media_type,
        "notes": [f"{note.code} {note.detail}".strip() for note in document.notes],
        "verdict": verdict,
        "reader_version": READER_VERSION,
        "identified_by": list(identity.rule_ids),
        "character_count": len(document.text),
        "digit_count": coverage.digits,
        "claimed_digit_count": coverage.by_class[CLAIMED],
        "noise_digit_count": coverage.digits - coverage.by_class[CLAIMED] - len(coverage.unclaimed),
        "unclaimed_digit_count": len(coverage.unclaimed),
    }


def _tally(judgement: Judgement) -> dict[str, int]:
    return dict(Counter(finding.result.outcome for finding in judgement.findings))


def _stage(
    arrival: Arrival, version_id: str, stage: str, outcome: str, counts: Mapping[str, int], seconds: float
) -> dict[str, Any]:
    return {
        "arrival_id": arrival.arrival_id,
        "submission_version_id": version_id,
        "stage": stage,
        "outcome": outcome,
        "reason_code": None,
        "counts": canonical_json(counts),
        "seconds": f"{seconds:.3f}",
    }


def claim_id_of(version_id: str, number: int) -> str:
    """The key of a claim: its version and its number in it."""
    return f"{version_id}-{number:04d}"


def _claim_row(version_id: str, document: Document, claim: Claim) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in CLAIM_COLUMNS} | {
        "claim_id": claim_id_of(version_id, claim.number),
        "submission_version_id": version_id,
        "claim_number": claim.number,
        "host_claim_id": claim_id_of(version_id, claim.host) if claim.host else None,
        "place": document.place_of(claim.span_start),
        "rule_id": "+".join(claim.rule_ids),
        "reader_version": READER_VERSION,
    }


def statement_id_of(version_id: str, number: int) -> str:
    """The key of a statement: its version and its number in it."""
    return f"{version_id}-s{number:03d}"


def _coverage_rows(version_id: str, reading: Reading, text: str) -> list[dict[str, Any]]:
    """What became of the digits; unclaimed ones are shown with the words around them."""
    coverage = reading.coverage
    return [
        {
            "submission_version_id": version_id,
            "class_id": name,
            "digit_count": count,
            "examples": [] if name == CLAIMED else coverage.examples(text, name),
        }
        for name, count in sorted(coverage.by_class.items())
    ]


def _statement_rows(version_id: str, document: Document, reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "statement_id": statement_id_of(version_id, statement.number),
            "submission_version_id": version_id,
            "kind": statement.kind,
            "topic": statement.topic,
            "operator": statement.operator,
            "bound": statement.bound,
            "span_start": statement.span_start,
            "span_end": statement.span_end,
            "place": document.place_of(statement.span_start),
            "quote": statement.quote,
            "rule_id": statement.rule_id,
            "pairs_with_statement_id": statement_id_of(version_id, statement.pairs_with)
            if statement.pairs_with
            else None,
        }
        for statement in reading.statements
    ]


def _finding_rows(version_id: str, judgement: Judgement) -> list[dict[str, Any]]:
    return [
        {
            "finding_id": f"{version_id}-f{number:03d}",
            "submission_version_id": version_id,
            "rule_id": finding.rule_id,
            "severity": finding.severity,
            "outcome": finding.result.outcome,
            "message_zh": finding.message_zh or None,
            "message_en": finding.message_en or None,
            "remedy_zh": finding.remedy_zh or None,
            "remedy_en": finding.remedy_en or None,
            "claim_ids": _ids(version_id, finding.result.claims),
            "statement_ids": [statement_id_of(version_id, one.number) for one in finding.result.statements],
            "passages": [asdict(passage) for passage in finding.result.passages],
            "expected": finding.result.expected or None,
            "found": finding.result.found or None,
            "explained_by": finding.explained_by or None,
        }
        for number, finding in enumerate(judgement.findings, start=1)
    ]


def _observation_rows(version_id: str, judgement: Judgement) -> list[dict[str, Any]]:
    return [
        {
            "observation_id": f"{version_id}-o{number:03d}",
            "submission_version_id": version_id,
            "kind": observation.kind,
            "verdict": observation.verdict,
            "severity": observation.severity,
            "stated": observation.stated,
            "recomputed": observation.recomputed,
            "formula": observation.formula,
            "claim_ids": _ids(version_id, observation.claims),
        }
        for number, observation in enumerate(judgement.observations, start=1)
    ]


def _ids(version_id: str, claims: Sequence[Claim]) -> list[str]:
    return [claim_id_of(version_id, claim.number) for claim in claims]
