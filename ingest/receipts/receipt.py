"""What a receipt says, as plain data: the same for the page, the workbook and programs that poll for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.checking.catalogue import SEVERITIES, catalogue
from ingest.checking.verdict import RETURNS
from ingest.reading.claims import ORIGIN_TEXT
from ingest.reading.grammar import read_table
from ingest.reasons import notes, reasons
from jiheng.settings import LOCAL_TIME

Row = Mapping[str, Any]
Receipt = dict[str, Any]

VERDICTS = {
    "accepted": "已受理，未发现问题",
    "accepted_with_findings": "已受理，有下列问题需要说明或留意",
    "returned": "退回修改",
    "quarantined": "未受理",
    "duplicate": "已收到过，无需重复处理",
    "ours": "暂时无法读取，系统会自动重读",
    "unpacked": "已收到，包内各文件分别处理如下",
}
# The verdicts of refusals, by whose a refusal is.
REFUSALS = {"sender": "quarantined", "duplicate": "duplicate", "ours": "ours"}
# What every receipt has, filled in as far as the file came.
BLANK: Receipt = {
    "department": None,
    "submission_id": None,
    "parcel": None,
    "members": [],
    "reason": None,
    "detail": None,
    "mend_by": None,
    "account": None,
    "notes": [],
    "problems": [],
    "read_again": None,
}
# Places of one finding that are shown; the others are counted.
MOST_PLACES = 6


def receipt_of_version(
    version: Row,
    rows: Mapping[str, Sequence[Row]],
    reference: Path,
    days_to_mend: int,
    read_on: datetime | None = None,
) -> Receipt:
    """The receipt of a version that was identified and judged; `rows` are its rows by table.

    The days to mend it count from when it was received, or from when it was read again.
    """
    problems = problems_of(rows["finding"], evidence_of(rows), reference)
    received = _local(read_on or version["received_at"])
    returned = version["verdict"] == "returned"
    return _head(version, version["verdict"]) | {
        "submission_version_id": version["submission_version_id"],
        "submission_id": version["submission_id"],
        "department": version["department_name"],
        "fiscal_year": version["fiscal_year"],
        "version": version["version_number"],
        "mend_by": (received.date() + timedelta(days=days_to_mend)).isoformat() if returned else None,
        "account": {name: version[f"{name}_count"] for name in ("digit", *ACCOUNTED)},
        "notes": notes_of(version),
        "counts": {severity: _open(problems, severity) for severity in SEVERITIES},
        "problems": problems,
    }


def read_again(read_on: datetime, verdict_before: str) -> dict[str, str]:
    """What a receipt says where a file was read again and something else became of it: when, and what it was before."""
    return {
        "at": f"{_local(read_on):%Y-%m-%d %H:%M}",
        "name": f"{_local(read_on):%Y%m%d%H%M%S}",
        "before": verdict_before,
        "before_zh": VERDICTS[verdict_before],
    }


ACCOUNTED = ("claimed_digit", "noise_digit", "unclaimed_digit")


def receipt_of_refusal(arrival: Row) -> Receipt:
    """The receipt of a file that could not be taken: the reason, in words that the sender can act on."""
    reason = reasons()[arrival["reason_code"]]
    return _head(arrival, REFUSALS[reason["kind"]]) | {
        "reason_code": arrival["reason_code"],
        "reason": arrival["reason_zh"],
        "detail": arrival["detail"] if reason["detail_for"] == "sender" else None,
    }


def receipt_of_parcel(arrival: Row, members: Iterable[Receipt]) -> Receipt:
    """The receipt of a package with a manifest: what became of each of its members, which have their own receipts."""
    names = ("arrival_id", "source_name", "verdict", "verdict_zh", "department", "reason")
    return _head(arrival, "unpacked") | {"members": [{name: one[name] for name in names} for one in members]}


def _head(row: Row, verdict: str) -> Receipt:
    return BLANK | {
        "arrival_id": row["arrival_id"],
        "source_name": row["source_name"],
        "sha256": row["sha256"],
        "received_at": f"{_local(row['received_at']):%Y-%m-%d %H:%M}",
        "verdict": verdict,
        "verdict_zh": VERDICTS[verdict],
    }


def problems_of(
    findings: Iterable[Row], evidence: Mapping[str, dict[str, str]], reference: Path
) -> list[dict[str, Any]]:
    """Failed rules, the gravest first, each with all it found; what one of them has caused stands under it.

    A rule that has caused something graver is as grave: mending it mends both.
    """
    failed = [row for row in findings if row["outcome"] == "fail"]
    rules = catalogue(reference)
    effects = {row["effect"]: row["words_zh"] for row in read_table(reference / "rule_effects.csv")}
    causes = {row["rule_id"] for row in failed if not row["explained_by"]}
    own: dict[tuple[str, str], list[Row]] = {}
    caused: dict[str, list[Row]] = {}
    for row in failed:
        if row["explained_by"] in causes:
            caused.setdefault(row["explained_by"], []).append(row)
        else:
            own.setdefault((row["rule_id"], row["waiver_id"] or ""), []).append(row)
    groups = [(_gravest([*rows, *caused.get(rule_id, ())]), rule_id, waiver) for (rule_id, waiver), rows in own.items()]
    return [
        {
            "rule_id": rule_id,
            "title": rules[rule_id]["title_zh"],
            "severity": severity,
            "remedy": rules[rule_id]["remedy_zh"],
            "effect": _effect(severity, rules[rule_id]["effect"], effects),
            "usual_severity": rules[rule_id]["severity"],
            "waiver_id": waiver or None,
            "found": [_told(row, evidence) for row in own[rule_id, waiver]],
            "leads_to": [_told(row, evidence) for row in caused.pop(rule_id, ())],
        }
        for severity, rule_id, waiver in sorted(groups)
    ]


def _gravest(rows: Iterable[Row]) -> str:
    return min(str(row["severity"]) for row in rows)


def _effect(severity: str, effect: str, words: Mapping[str, str]) -> str:
    """What the failure means for the rank: a grave one returns the report, beside what the rule says."""
    if severity != RETURNS:
        return words[effect]
    return words["returned"] + ("" if effect == "none" else words[effect])


def _told(row: Row, evidence: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """One finding: what was found and expected, and where."""
    places = list(_places(row, evidence))
    return {
        "finding_id": row["finding_id"],
        "rule_id": row["rule_id"],
        "message": row["message_zh"],
        "expected": row["expected"],
        "found": row["found"],
        "where": places[:MOST_PLACES],
        "more_places": max(len(places) - MOST_PLACES, 0),
    }


def _places(row: Row, evidence: Mapping[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    keys = [*row["claim_ids"], *(row["statement_ids"] or ())]
    found = [evidence[key] for key in keys if key in evidence]
    found += [{"place": "", "section": one["section_path"], "quote": one["quote"]} for one in row["passages"] or ()]
    # Two figures of one row of a form are one place to look at.
    yield from (dict(one) for one in dict.fromkeys(tuple(sorted(place.items())) for place in found))


def evidence_of(rows: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, str]]:
    """Where each claim and each statement of a version stands: the place in the file, the headings above, the words."""
    found = {claim["claim_id"]: _evidence(claim, _words(claim)) for claim in rows["claim"]}
    return found | {one["statement_id"]: _evidence(one, one["quote"]) for one in rows["statement"]}


def _words(claim: Row) -> str:
    """The words to look for: a sentence's quotation, or a form's whole row."""
    return str(claim["quote"] if claim["origin"] == ORIGIN_TEXT else claim["sentence"])


def _evidence(row: Row, words: str) -> dict[str, str]:
    return {"place": row["place"] or "", "section": row.get("section_path") or "", "quote": " ".join(words.split())}


def notes_of(version: Row) -> list[str]:
    """What a person should know of the file, in Chinese: a code's sentence and what it is about."""
    known = notes()
    told = [one.partition(" ") for one in version.get("notes") or ()]
    return [known[code]["note_zh"] + (f"（{detail}）" if detail else "") for code, _, detail in told]


def _open(problems: Iterable[Mapping[str, Any]], severity: str) -> int:
    return sum(len(one["found"]) for one in problems if one["severity"] == severity and not one["waiver_id"])


def _local(moment: datetime | str) -> datetime:
    return datetime.fromisoformat(str(moment)).astimezone(LOCAL_TIME)
