"""The reader's score against labelled texts: what it found, valued and understood, by kind and by group.

A figure counts as found when a claim's own figure overlaps the label's span; as exact when value, unit, role and
subject are right as well. Operator, period and kind are columns of their own. An alarm is a claim where nothing is
labelled, or where the label says that there is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.labels import MONEY_KINDS, Label, Labelled
from ingest.documents import read_document
from ingest.reading import grammar
from ingest.reading.claims import ORIGIN_TEXT, Claim
from ingest.reading.names import category_of, core_of
from ingest.reading.report import read_report

# Brackets and nicknames in quotation marks qualify a noun and are not compared.
QUALIFIER = re.compile(r"[(（][^)）]*[)）]|“[^”]*”")
WHOLE = "合计"
COLUMNS = ("found", "value", "unit", "operator", "kind", "role", "subject", "period", "exact")
# Two names are one when they share this much of their pairs of characters (Dice), or one holds the other.
LEAST_LIKENESS = 0.6
# A name of this many characters at least is the same when the other holds them all, in any order (油茶新造, 新造油茶).
LEAST_WORD = 3
LEAST_SHARE = 0.4


@dataclass
class Tally:
    """Counts of one kind or group of labels; `alarms` are claims that no label asks for."""

    labels: int = 0
    alarms: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def add(self, judged: Mapping[str, bool]) -> None:
        """Count one label."""
        self.labels += 1
        for column, holds in judged.items():
            self.right[column] += holds


@dataclass
class Score:
    """All tallies, and each miss in words."""

    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_group: dict[str, Tally] = field(default_factory=dict)
    total: Tally = field(default_factory=Tally)
    unclaimed_digits: int = 0
    misses: list[str] = field(default_factory=list)

    def tallies(self, kind: str, group: str) -> tuple[Tally, Tally, Tally]:
        """The three tallies that a label of this kind and group counts in."""
        return self.by_kind.setdefault(kind, Tally()), self.by_group.setdefault(group, Tally()), self.total


def score_texts(texts: Iterable[Labelled], reference: Path) -> Score:
    """Read each text and compare the reader's claims with its labels; `reference` holds aliases and categories."""
    score = Score()
    for labelled in texts:
        reading = read_report(read_document(labelled.text.encode()), labelled.fiscal_year, reference)
        score.unclaimed_digits += len(reading.coverage.unclaimed)
        _score_text(score, labelled, [claim for claim in reading.claims if claim.value is not None], reference)
    return score


def _score_text(score: Score, labelled: Labelled, claims: list[Claim], reference: Path) -> None:
    wanted = [label for label in labelled.labels if label.kind != "noise"]
    used: set[int] = set()
    for label in wanted:
        claim = _claim_of(label, claims, used)
        judged = _judge(label, claim, labelled, reference)
        for tally in score.tallies(label.kind, labelled.group):
            tally.add(judged)
        if claim is not None:
            used.add(claim.number)
        if not judged["exact"] or not judged["operator"]:
            score.misses.append(_in_words(labelled, label, claim, judged))
    for claim in claims:
        if claim.number not in used and not any(_overlap(label, claim) for label in wanted):
            for tally in score.tallies("noise", labelled.group):
                tally.alarms += 1
            score.misses.append(f"{labelled.name}: ALARM {claim.quote!r} read as {_said(claim)}")


def _claim_of(label: Label, claims: list[Claim], used: set[int]) -> Claim | None:
    here = [claim for claim in claims if claim.number not in used and _overlap(label, claim)]
    return next((claim for claim in here if claim.value == label.value), here[0] if here else None)


def _overlap(label: Label, claim: Claim) -> bool:
    start, end = claim.figure
    return start < label.end and label.start < end


def _judge(label: Label, claim: Claim | None, labelled: Labelled, reference: Path) -> dict[str, bool]:
    if claim is None:
        return dict.fromkeys(COLUMNS, False)
    judged = {
        "found": True,
        "value": (claim.value, claim.value_high) == (label.value, label.value_high),
        "unit": _same_unit(label, claim),
        "operator": claim.operator == label.operator,
        "kind": claim.kind == label.kind,
        "role": claim.role == label.role,
        "subject": same_subject(label, claim, reference),
        "period": _same_period(label, claim, labelled.fiscal_year),
    }
    judged["exact"] = all(judged[column] for column in ("value", "unit", "role", "subject"))
    return judged


def _same_unit(label: Label, claim: Claim) -> bool:
    """The unit as written; a rank needs none, and a form may give it in another column."""
    elsewhere = claim.origin != ORIGIN_TEXT and not label.unit
    return _plain(claim.unit) == _plain(label.unit) or label.kind == "indicator_rank" or elsewhere


def _plain(unit: str) -> str:
    """A unit without a second one in brackets (台(套))."""
    return QUALIFIER.sub("", unit)


def same_subject(label: Label, claim: Claim, reference: Path) -> bool:
    """Whether the claim speaks of what the label names: the same category of money, the same known indicator, or the
    same noun (equal, one within the other, or alike) once words that carry no meaning are cut off.
    """
    if label.kind in MONEY_KINDS:
        wanted = category_of(label.subject, reference) or ("total" if label.subject == WHOLE else None)
        if wanted is not None:
            return wanted == (claim.subject or "").rpartition(".")[2]
    if label.kind == "score" and (label.role == "self" or label.subject == "自评得分"):
        return True
    known = next((a.indicator_key for a in grammar.aliases(reference) if a.surface in label.subject), None)
    return (known is not None and claim.subject == known) or alike(label.subject, claim.surface)


def alike(one: str, other: str) -> bool:
    """Whether two names mean one thing by their characters alone."""
    plain = _alike(core_of(one), core_of(other))
    return plain or _alike(*(core_of(QUALIFIER.sub("", name) or name) for name in (one, other)))


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    # A Chinese noun has its head last: what stands before the same head only qualifies it.
    if longer.endswith(shorter) or (shorter in longer and len(shorter) >= LEAST_SHARE * len(longer)):
        return True
    if len(shorter) >= LEAST_WORD and set(shorter) <= set(longer):
        return True
    pairs_one, pairs_other = _pairs(one), _pairs(other)
    return 2 * len(pairs_one & pairs_other) >= LEAST_LIKENESS * (len(pairs_one) + len(pairs_other))


def _pairs(name: str) -> set[str]:
    return {name[index : index + 2] for index in range(max(len(name) - 1, 1))}


def _same_period(label: Label, claim: Claim, fiscal_year: int) -> bool:
    if claim.period_start is None or claim.period_end is None:
        return False
    stated = label.period if label.period[:4].isdigit() else str(fiscal_year)
    first, _, last = stated.partition("..")
    if not last:
        return claim.period_start.year == int(first[:4])
    read = (claim.period_start.isoformat()[:7], claim.period_end.isoformat()[:7])
    return read == (first[:7], last[:7])


def _in_words(labelled: Labelled, label: Label, claim: Claim | None, judged: Mapping[str, bool]) -> str:
    context = labelled.text[max(label.start - 30, 0) : label.end + 12].replace("\n", "⏎")
    wrong = ",".join(column for column in COLUMNS[:-1] if not judged[column])
    wanted = f"{label.kind}.{label.role} {label.subject} {label.operator}{label.value}{label.unit} {label.period}"
    return f"{labelled.name}: [{wrong}] …{context}… wanted {wanted}; read {_said(claim) if claim else 'nothing'}"


def _said(claim: Claim) -> str:
    span = f"{claim.period_start}..{claim.period_end}"
    return (
        f"{claim.kind}.{claim.role} {claim.subject}/{claim.surface} {claim.operator}{claim.value}{claim.unit} {span} "
        f"{'+'.join(claim.rule_ids)}"
    )
