"""What the checks found in a version, as people work through it: the gravest first, causes before what they caused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from publish.data import Batch, Row
from publish.quotations import Quotation, of_passage, of_statement, quotation

# Notes (P2) beyond this many are folded away: they hold nothing up.
MOST_NOTES = 5
NOTE = "P2"
# Places of one finding that are shown; the others are folded.
MOST_PLACES = 6


@dataclass(frozen=True)
class Settlements:
    """What people decided about findings: waivers by id, and the answer to a finding's last explanation by finding."""

    waivers: dict[str, Row]
    answers: dict[str, Row]

    @classmethod
    def of(cls, acts: list[Row]) -> Settlements:
        """From the acts of an edition, the newest first."""
        decisions = {act["refers_to"]: act for act in reversed(acts) if act["kind"] == "decision"}
        explanations = {act["finding_id"]: act for act in reversed(acts) if act["kind"] == "explanation"}
        return cls(
            waivers={act["act_id"]: act for act in acts if act["kind"] == "waiver"},
            answers={
                finding_id: decisions[act["act_id"]]
                for finding_id, act in explanations.items()
                if act["act_id"] in decisions
            },
        )


def by_severity(batch: Batch, settlements: Settlements, failed: list[Row]) -> list[Row]:
    """Failed findings in groups of one severity, open ones first, each a card with its places and what it caused."""
    own, caused = _by_cause(failed)
    cards = [_card(batch, settlements, row) for row in sorted(own, key=_place_of)]
    for card in cards:  # the first card of a rule bears what the rule's findings have caused
        card["caused"] = [_card(batch, settlements, row) for row in caused.pop(card["rule_id"], ())]
    return [_group(severity, list(found)) for severity, found in groupby(cards, key=lambda card: card["severity"])]


def _by_cause(failed: list[Row]) -> tuple[list[Row], dict[str, list[Row]]]:
    """Findings that stand for themselves, and the others by the rule that caused them.

    Nothing grave hides under something lighter, and nothing open under a cause that people have settled.
    """
    causes: dict[str, str] = {}
    for row in failed:
        if row["explained_by"] is None and row["is_open"]:
            causes[row["rule_id"]] = min(row["severity"], causes.get(row["rule_id"], row["severity"]))
    own: list[Row] = []
    caused: defaultdict[str, list[Row]] = defaultdict(list)
    for row in failed:
        cause = row["explained_by"]
        if cause in causes and causes[cause] <= row["severity"]:
            caused[cause].append(row)
        else:
            own.append(row)
    return own, dict(caused)


def _place_of(row: Row) -> tuple[Any, ...]:
    return row["severity"], not row["is_open"], row["explained_by"] is not None, row["rule_id"], row["finding_id"]


def _group(severity: str, cards: list[Row]) -> Row:
    return {
        "severity": severity,
        "cards": cards,
        "open": sum(card["is_open"] for card in cards),
        "is_folded": severity == NOTE and len(cards) > MOST_NOTES,
    }


def _card(batch: Batch, settlements: Settlements, row: Row) -> Row:
    places = _places(batch, row)
    return row | {
        "quotations": places[:MOST_PLACES],
        "more_quotations": places[MOST_PLACES:],
        "waiver": settlements.waivers.get(row["waiver_id"]),
        "answer": settlements.answers.get(row["finding_id"]),
        "caused": [],
    }


def _places(batch: Batch, row: Row) -> list[Quotation]:
    """The places to look at; two figures of one row of a form are told once."""
    claims = (quotation(batch.claims.get(key)) for key in row["claim_ids"] or ())
    statements = (of_statement(batch.statements[key]) for key in row["statement_ids"] or () if key in batch.statements)
    passages = (of_passage(one) for one in row["passages"] or ())
    found = [one for one in (*claims, *statements, *passages) if one]
    return list({(one.place, one.section, one.pieces): one for one in found}.values())
