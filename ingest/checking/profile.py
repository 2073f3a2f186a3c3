"""What other reports are compared with of one report: its main figures, its problems, and its sentences as digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ingest.checking.pairing import amounts, host_of
from ingest.identify import Identity
from ingest.reading.claims import Claim, claim_id_of
from ingest.reading.sections import SENTENCE_END
from ingest.reading.statements import Statement
from jiheng.files import key_of

INITIAL, ADJUSTED, SPENT, SPENT_BEFORE = "budget.initial", "budget.adjusted", "expenditure", "expenditure.year_before"
OPENING, CLOSING, SCORE = "balance.opening", "balance.closing", "score"
TARGET = "target."
MEASURES = ((INITIAL, "budget", "initial"), (ADJUSTED, "budget", "adjusted"), (SPENT, "expenditure", "actual"))
BALANCES = ((OPENING, "carry_over"), (CLOSING, "closing_balance"))
TOTALS = ("total", "fiscal", "general_public")
# Shorter sentences are headings and set phrases.
SHORTEST_SENTENCE = 16
DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Figure:
    """A figure in its base unit (yuan, points, pieces), how far rounding reaches, and the claim it was stated in."""

    value: Decimal
    step: Decimal
    claim_id: str


@dataclass(frozen=True)
class Profile:
    """One version of one submission as other reports are compared with it.

    `figures` by name (`INITIAL` and the like, `target.<indicator>`); `problems` and `sentences` are digests of words
    without the sender's own names; `content` is a digest of all that it says; `failed` are the rules (P0, P1) that it
    fails.
    """

    submission_version_id: str
    submission_id: str
    division_key: str
    department_key: str
    department_name: str
    functions: tuple[str, ...]
    fiscal_year: int
    received_at: datetime
    figures: Mapping[str, Figure]
    problems: tuple[str, ...]
    rectifies: bool
    sentences: frozenset[str]
    content: str
    failed: frozenset[str] = frozenset()

    def value(self, name: str) -> Decimal | None:
        """The value of a figure; None where the report does not state it."""
        return self.figures[name].value if name in self.figures else None

    def row(self) -> dict[str, Any]:
        """The row of the lake's table `profile`."""
        return vars(self) | {
            "functions": list(self.functions),
            "figures": [{"name": name, **vars(figure)} for name, figure in sorted(self.figures.items())],
            "problems": list(self.problems),
            "sentences": sorted(self.sentences),
            "failed": sorted(self.failed),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Profile:
        """The profile of a row of the lake or of a row that was kept as JSON between two steps."""
        received_at = row["received_at"]
        fields = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(
            **fields
            | {
                "functions": tuple(row["functions"]),
                "received_at": datetime.fromisoformat(received_at) if isinstance(received_at, str) else received_at,
                "figures": {one["name"]: _figure(one) for one in row["figures"]},
                "problems": tuple(row["problems"]),
                "sentences": frozenset(row["sentences"]),
                "failed": frozenset(row["failed"]),
            }
        )


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(Decimal(row["value"]), Decimal(row["step"]), row["claim_id"])


def profile_of(
    sender: Identity,
    claims: Sequence[Claim],
    statements: Sequence[Statement],
    text: str,
    version_id: str,
    received_at: datetime,
) -> Profile:
    """The profile of a report as it was read; `text` bears no personal data."""
    own_names = (sender.full_name, sender.division_name + sender.department_name, sender.department_name)
    problems = [statement.quote for statement in statements if statement.kind == "problem"]
    figures = {name: (claim, value) for name, claim, value in _figures(claims)}
    return Profile(
        submission_version_id=version_id,
        submission_id=sender.submission_id,
        division_key=sender.division_key,
        department_key=sender.department_key,
        department_name=sender.full_name,
        functions=sender.functions,
        fiscal_year=sender.fiscal_year,
        received_at=received_at,
        figures={
            name: Figure(value, claim.step, claim_id_of(version_id, claim.number))
            for name, (claim, value) in figures.items()
        },
        problems=tuple(dict.fromkeys(digest_of(problem, own_names) for problem in problems)),
        rectifies=any(statement.kind == "rectification" for statement in statements),
        sentences=frozenset(digest_of(sentence, own_names) for sentence in _sentences(text)),
        content=key_of(*_said(claims, text)),
    )


def _figures(claims: Sequence[Claim]) -> Iterator[tuple[str, Claim, Decimal]]:
    for name, kind, role in MEASURES:
        found = amounts(claims, kind, role)
        yield from _named(name, next((found[category] for category in TOTALS if category in found), None))
    for name, category in BALANCES:
        yield from _named(name, amounts(claims, "balance", "actual").get(category))
    scores = [claim for claim in claims if claim.kind == "score" and claim.role == "self"]
    yield from _named(SCORE, scores[-1] if scores else None)
    for change in claims:
        host = host_of(change, claims) if (change.kind, change.role) == ("change", "vs_prior_year") else None
        whole = host is not None and host.kind == "expenditure" and host.subject in TOTALS
        if whole and host and host.value_base is not None and change.value_base is not None:
            yield SPENT_BEFORE, change, host.value_base - change.value_base
    for claim in claims:
        if (claim.kind, claim.role) == ("indicator", "target") and claim.subject:
            yield from _named(TARGET + claim.subject, claim)


def _named(name: str, claim: Claim | None) -> Iterator[tuple[str, Claim, Decimal]]:
    if claim is not None and claim.value_base is not None:
        yield name, claim, claim.value_base


def _sentences(text: str) -> Iterable[str]:
    return (sentence for sentence in SENTENCE_END.split(text) if len(sentence) >= SHORTEST_SENTENCE)


def digest_of(words: str, own_names: Iterable[str]) -> str:
    """A digest of words that is the same whoever says them: white space and the sender's names left out."""
    compact = "".join(words.split())
    for name in own_names:
        compact = compact.replace(name, "")
    return key_of(compact, length=DIGEST_LENGTH)


def _said(claims: Sequence[Claim], text: str) -> list[str]:
    """All that the report says, to tell whether a later version says anything else."""
    return [
        *(f"{c.kind} {c.subject} {c.role} {c.operator} {c.value} {c.value_text} {c.unit}" for c in claims),
        *sorted(_sentences(text)),
    ]
