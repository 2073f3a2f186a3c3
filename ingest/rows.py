"""The rows that the lake will hold of one reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from ingest.checking.profile import profile_of
from ingest.checking.verdict import Finding, Judgement
from ingest.documents import Document
from ingest.identify import Identity
from ingest.inbox import Arrival
from ingest.reading.claims import READER_VERSION, Claim, claim_id_of
from ingest.reading.coverage import CLAIMED, Coverage
from ingest.reading.normalise import mask_personal_data
from ingest.reading.report import Reading
from ingest.schema import TABLES
from jiheng.files import canonical_json, key_of

# Columns of the lake's table `claim` that a claim has under the same name.
CLAIM_COLUMNS = tuple(name for name in TABLES["claim"].names if name in {field.name for field in fields(Claim)})


def rows_of(
    arrival: Arrival,
    document: Document,
    identity: Identity,
    reading: Reading,
    judgement: Judgement,
    seconds: Mapping[str, float],
) -> dict[str, list[dict[str, Any]]]:
    """Rows by table. `seconds` says how long each stage took.

    A version that is read again keeps its id, even where a newer reader takes it for another department's.
    """
    version_id = arrival.version_id or key_of(identity.submission_id, arrival.sha256)
    coverage = reading.coverage
    profile = profile_of(identity, judgement.claims, reading.statements, reading.text, version_id, arrival.received_at)
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
        "finding": finding_rows(version_id, judgement.findings),
        "observation": _observation_rows(version_id, judgement),
        "profile": [profile.row()],
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


def finding_rows(version_id: str, findings: Sequence[Finding], first: int = 1) -> list[dict[str, Any]]:
    """Rows of the lake's table `finding`, numbered within the version from `first`."""
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
            "claim_ids": [*_ids(version_id, finding.result.claims), *finding.result.claim_ids],
            "statement_ids": [statement_id_of(version_id, one.number) for one in finding.result.statements],
            "passages": [asdict(passage) for passage in finding.result.passages],
            "expected": finding.result.expected or None,
            "found": finding.result.found or None,
            "explained_by": finding.explained_by or None,
        }
        for number, finding in enumerate(findings, start=first)
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
