"""What a rule is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ingest.checking.identities import Identity
from ingest.identify import Identity as SubmissionIdentity
from ingest.reading.claims import Claim
from ingest.reading.statements import Statement

# The topic of sentences that say every target was met (`ingest/reading/grammar/statements.yaml`).
ALL_TARGETS = "目标完成"

Outcome = Literal["fail", "pass", "not_applicable"]


@dataclass(frozen=True)
class Threshold:
    """A grade holds from `lower` (included) to `upper` (excluded, but for the highest grade)."""

    grade: str
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Case:
    """One report as read, for rules to judge."""

    submission: SubmissionIdentity
    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    identities: tuple[Identity, ...]
    text: str
    thresholds: tuple[Threshold, ...]
    is_form: bool = False
    other_divisions: tuple[str, ...] = ()

    def of_kind(self, kind: str, role: str | None = None) -> list[Claim]:
        """Claims of a kind (and role), in the order of the text."""
        return [claim for claim in self.claims if claim.kind == kind and role in (None, claim.role)]

    @property
    def says_all_targets_were_met(self) -> bool:
        """Whether a sentence asserts that all targets were met."""
        return any(statement.kind == "assertion" and statement.topic == ALL_TARGETS for statement in self.statements)

    def identities_of_kind(self, *kinds: str) -> list[Identity]:
        """Recomputed identities of these kinds."""
        return [identity for identity in self.identities if identity.kind in kinds]


@dataclass(frozen=True)
class Result:
    """One result of a rule. `words` fill the names in braces in the catalogue's messages."""

    outcome: Outcome
    claims: Sequence[Claim] = ()
    expected: str = ""
    found: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


PASS = Result("pass")
NOT_APPLICABLE = Result("not_applicable")


def all_hold(identities: Sequence[Identity]) -> Result:
    """Pass when there is something to recompute, else not applicable."""
    return PASS if identities else NOT_APPLICABLE


def plain(value: Decimal | None) -> str:
    """A decimal for people: no exponent, no trailing zeros."""
    if value is None:
        return ""
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"


def percent(ratio: Decimal) -> str:
    """A ratio as a percentage with two decimals, half up."""
    from decimal import ROUND_HALF_UP

    return f"{(ratio * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def ten_thousand_yuan(value: Decimal) -> str:
    """An amount in yuan as 万元."""
    return plain(value / 10000) + "万元"
