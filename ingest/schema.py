"""The lake's tables: column names and types of every Parquet file in a batch. dbt's sources describe the columns.

Rows are appended and never changed. Every table also carries `batch_id` and `recorded_at`, added when a batch lands.
"""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.string()
WHOLE = pa.int64()
MOMENT = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
QUANTITY = pa.decimal128(28, 6)
TEXTS = pa.list_(pa.string())
FIGURES = pa.list_(pa.struct({"name": TEXT, "value": QUANTITY, "step": QUANTITY, "claim_id": TEXT}))
# Words of a report with the path of headings above them.
PASSAGES = pa.list_(pa.struct({"section_path": TEXT, "quote": TEXT}))

TABLES: dict[str, pa.Schema] = {
    # One row is one division in a period of validity, as a register gave it.
    "division": pa.schema(
        {
            "division_key": TEXT,
            "gb_code": TEXT,
            "mof_div_code": TEXT,
            "name": TEXT,
            "aliases": TEXTS,
            "kind": TEXT,
            "region_group": TEXT,
            "league": TEXT,
            "fiscal_parent_key": TEXT,
            "map_parent_key": TEXT,
            "province_key": TEXT,
            "valid_from": DAY,
            "valid_to": DAY,
            "source": TEXT,
        }
    ),
    # One row is one report that a department owes for a fiscal year, as a register gave it.
    "due_submission": pa.schema(
        {
            "division_key": TEXT,
            "department_name": TEXT,
            "department_key": TEXT,
            "functions": TEXTS,
            "fiscal_year": WHOLE,
            "due_on": DAY,
            "source": TEXT,
        }
    ),
    # One row is one change of a department by a reform, as a register gave it.
    "department_change": pa.schema(
        {
            "division_key": TEXT,
            "old_name": TEXT,
            "old_department_key": TEXT,
            "old_department_name": TEXT,
            "new_division_key": TEXT,
            "new_name": TEXT,
            "new_department_key": TEXT,
            "new_department_name": TEXT,
            "changed_on": DAY,
            "kind": TEXT,
            "is_principal": pa.bool_(),
            "source": TEXT,
        }
    ),
    # One row is the square of one division on the tile map, as a register gave it.
    "division_tile": pa.schema({"division_key": TEXT, "tile_row": WHOLE, "tile_column": WHOLE}),
    # One row is one file handed in.
    "arrival": pa.schema(
        {
            "arrival_id": TEXT,
            "source_name": TEXT,
            "sha256": TEXT,
            "size_bytes": WHOLE,
            "media_type": TEXT,
            "received_at": MOMENT,
            "channel": TEXT,
            "sender_division": TEXT,
            "parcel": TEXT,
            "outcome": TEXT,
            "reason_code": TEXT,
            "reason_zh": TEXT,
            "reason_en": TEXT,
            "detail": TEXT,
        }
    ),
    # One row is one version of one submission.
    "submission_version": pa.schema(
        {
            "submission_version_id": TEXT,
            "submission_id": TEXT,
            "arrival_id": TEXT,
            "version_number": WHOLE,
            "province_key": TEXT,
            "division_key": TEXT,
            "department_key": TEXT,
            "department_name": TEXT,
            "functions": TEXTS,
            "fiscal_year": WHOLE,
            "filled_on": DAY,
            "received_at": MOMENT,
            "source_name": TEXT,
            "sha256": TEXT,
            "media_type": TEXT,
            "notes": TEXTS,
            "verdict": TEXT,
            "reader_version": TEXT,
            "identified_by": TEXTS,
            "character_count": WHOLE,
            "digit_count": WHOLE,
            "claimed_digit_count": WHOLE,
            "noise_digit_count": WHOLE,
            "unclaimed_digit_count": WHOLE,
        }
    ),
    # One row is one statement with a figure (or a grade) in one version.
    "claim": pa.schema(
        {
            "claim_id": TEXT,
            "submission_version_id": TEXT,
            "claim_number": WHOLE,
            "kind": TEXT,
            "subject": TEXT,
            "surface": TEXT,
            "role": TEXT,
            "operator": TEXT,
            "value": QUANTITY,
            "value_high": QUANTITY,
            "value_text": TEXT,
            "decimals": WHOLE,
            "unit": TEXT,
            "value_base": QUANTITY,
            "value_high_base": QUANTITY,
            "unit_base": TEXT,
            "period_start": DAY,
            "period_end": DAY,
            "section_path": TEXT,
            "span_start": WHOLE,
            "span_end": WHOLE,
            "figure_start": WHOLE,
            "figure_end": WHOLE,
            "place": TEXT,
            "quote": TEXT,
            "sentence": TEXT,
            "host_claim_id": TEXT,
            "origin": TEXT,
            "confidence": pa.decimal128(5, 4),
            "rule_id": TEXT,
            "reader_version": TEXT,
            "verification": TEXT,
        }
    ),
    # One row is one statement without a figure in one version.
    "statement": pa.schema(
        {
            "statement_id": TEXT,
            "submission_version_id": TEXT,
            "kind": TEXT,
            "topic": TEXT,
            "operator": TEXT,
            "bound": QUANTITY,
            "span_start": WHOLE,
            "span_end": WHOLE,
            "place": TEXT,
            "quote": TEXT,
            "rule_id": TEXT,
            "pairs_with_statement_id": TEXT,
        }
    ),
    # One row is what other reports are compared with of one version: main figures, and words as digests.
    "profile": pa.schema(
        {
            "submission_version_id": TEXT,
            "submission_id": TEXT,
            "division_key": TEXT,
            "department_key": TEXT,
            "department_name": TEXT,
            "functions": TEXTS,
            "fiscal_year": WHOLE,
            "received_at": MOMENT,
            "figures": FIGURES,
            "problems": TEXTS,
            "rectifies": pa.bool_(),
            "sentences": TEXTS,
            "content": TEXT,
            "failed": TEXTS,
        }
    ),
    # One row is one act of a person: a waiver of a rule, or of the gate for rows of these `keys`; a score, an appeal.
    "act": pa.schema(
        {
            "act_id": TEXT,
            "kind": TEXT,
            "state": TEXT,
            "submission_id": TEXT,
            "submission_version_id": TEXT,
            "division_key": TEXT,
            "department_key": TEXT,
            "fiscal_year": WHOLE,
            "rule_id": TEXT,
            "finding_id": TEXT,
            "refers_to": TEXT,
            "score": QUANTITY,
            "words": TEXT,
            "by": TEXT,
            "approved_by": TEXT,
            "valid_until": DAY,
            "keys": TEXTS,
            "at": MOMENT,
        }
    ),
    # One row is one thing recomputed, compared or counted in one version beside the rules.
    "observation": pa.schema(
        {
            "observation_id": TEXT,
            "submission_version_id": TEXT,
            "kind": TEXT,
            "verdict": TEXT,
            "severity": TEXT,
            "stated": QUANTITY,
            "recomputed": QUANTITY,
            "formula": TEXT,
            "claim_ids": TEXTS,
        }
    ),
    # One row is what became of a version's digits of one class: claimed, unclaimed, or noise of a named class.
    "coverage": pa.schema(
        {
            "submission_version_id": TEXT,
            "class_id": TEXT,
            "digit_count": WHOLE,
            "examples": TEXTS,
        }
    ),
    # One row is the second reader's vote on one claim.
    "vote": pa.schema(
        {
            "submission_version_id": TEXT,
            "claim_id": TEXT,
            "outcome": TEXT,
            "reason_code": TEXT,
            "role_differs": pa.bool_(),
            "subject_differs": pa.bool_(),
            "voted_role": TEXT,
            "voted_subject": TEXT,
            "span_start": WHOLE,
            "span_end": WHOLE,
            "is_relocated": pa.bool_(),
            "model": TEXT,
            "prompt_version": TEXT,
        }
    ),
    # One row is one result of one rule on one version.
    "finding": pa.schema(
        {
            "finding_id": TEXT,
            "submission_version_id": TEXT,
            "rule_id": TEXT,
            "severity": TEXT,
            "outcome": TEXT,
            "message_zh": TEXT,
            "message_en": TEXT,
            "remedy_zh": TEXT,
            "remedy_en": TEXT,
            "claim_ids": TEXTS,
            "statement_ids": TEXTS,
            "passages": PASSAGES,
            "expected": TEXT,
            "found": TEXT,
            "explained_by": TEXT,
            "waiver_id": TEXT,
        }
    ),
    # One row is one stage of one file in one run.
    "stage_outcome": pa.schema(
        {
            "run_id": TEXT,
            "arrival_id": TEXT,
            "submission_version_id": TEXT,
            "stage": TEXT,
            "outcome": TEXT,
            "reason_code": TEXT,
            "counts": TEXT,
            "seconds": pa.decimal128(10, 3),
        }
    ),
    # One row is one answer of a person to one question of the review queue; the latest one holds.
    "review_answer": pa.schema(
        {
            "answer_id": TEXT,
            "review_item_id": TEXT,
            "question": TEXT,
            "surface": TEXT,
            "unit_family": TEXT,
            "answer_kind": TEXT,
            "answer": TEXT,
            "name": TEXT,
            "name_en": TEXT,
            "category": TEXT,
            "direction": TEXT,
            "indicator_unit_family": TEXT,
            "gates_crossed": TEXTS,
            "answered_by": TEXT,
            "answered_at": MOMENT,
            "reason": TEXT,
        }
    ),
}

STAMP = (pa.field("batch_id", TEXT), pa.field("recorded_at", MOMENT))


def landed_schema(table: str) -> pa.Schema:
    """The schema of a table as it lies in the lake: its own columns and the stamp."""
    schema = TABLES[table]
    for field in STAMP:
        schema = schema.append(field)
    return schema
