"""What a rule is given and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from ingest.checking.identities import Identity
from ingest.identify import Identity as SubmissionIdentity
from ingest.reading.claims import Claim
from ingest.reading.sections import SENTENCE_END, Paragraph, paragraphs_of
from ingest.reading.statements import Statement

if TYPE_CHECKING:
    from ingest.checking.observation import Observation

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
class Passage:
    """Words of the report that no claim stands for: the path of headings above them, and the words."""

    section_path: str
    quote: str


@dataclass(frozen=True)
class Case:
    """One report as read, for rules to judge.

    `text` is the normalised text without personal data. `parameters` are those in force for the place and the year
    (`rule_parameters.csv`). `parents` gives each budget category the one it is part of (`budget_categories.csv`).
    `is_registered` says whether a register names the department; None where the division has no register.
    `personal_data` counts what was masked, by kind. `directions` says of each known indicator whether more is better
    (positive), less (reverse), or whether it is a growth (`indicators.csv`).
    """

    submission: SubmissionIdentity
    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    identities: tuple[Identity, ...]
    text: str
    thresholds: tuple[Threshold, ...]
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    is_form: bool = False
    other_divisions: tuple[str, ...] = ()
    is_registered: bool | None = None
    received_on: date | None = None
    personal_data: Mapping[str, int] = field(default_factory=dict)
    unclaimed: tuple[str, ...] = ()
    parents: Mapping[str, str] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str, role: str | None = None) -> list[Claim]:
        """Claims of a kind (and role), in the order of the text."""
        return [claim for claim in self.claims if claim.kind == kind and role in (None, claim.role)]

    def observed(self, kind: str, *verdicts: str) -> list[Observation]:
        """Observations of a kind with one of these verdicts, a difference at their end (residual_0.05) left out."""
        of_kind = [observation for observation in self.observations if observation.kind == kind]
        return [one for one in of_kind if not verdicts or one.word in verdicts]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of the text with the headings above them."""
        return paragraphs_of(self.text)

    @property
    def sections(self) -> frozenset[str]:
        """The kinds of sections (`sections.yaml`) that the report's headings announce."""
        return frozenset(paragraph.section for paragraph in self.paragraphs)

    def passage(self, start: int, end: int) -> Passage:
        """The sentence of the text around the characters from `start` to `end`, with the headings above it."""
        paragraph = next(p for p in reversed(self.paragraphs) if p.start <= start)
        ends_before = SENTENCE_END.finditer(self.text, paragraph.start, start)
        begin = max((match.end() for match in ends_before), default=paragraph.start)
        after = SENTENCE_END.search(self.text, end)
        return Passage(paragraph.section_path, self.text[begin : after.end() if after else len(self.text)].strip())

    @property
    def says_all_targets_were_met(self) -> bool:
        """Whether a sentence asserts that all targets were met."""
        return any(statement.kind == "assertion" and statement.topic == ALL_TARGETS for statement in self.statements)

    def identities_of_kind(self, *kinds: str) -> list[Identity]:
        """Recomputed identities of these kinds."""
        return [identity for identity in self.identities if identity.kind in kinds]


@dataclass(frozen=True)
class Result:
    """One result of a rule. `words` fill the names in braces in the catalogue's messages.

    What it rests on is shown to the sender: claims, statements without a figure, or passages of the text. A rule that
    looks beyond the report has no claims at hand, but their keys (`claim_ids`).
    """

    outcome: Outcome
    claims: Sequence[Claim] = ()
    expected: str = ""
    found: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    passages: Sequence[Passage] = ()
    statements: Sequence[Statement] = ()
    claim_ids: Sequence[str] = ()


PASS = Result("pass")
NOT_APPLICABLE = Result("not_applicable")


def judged(failures: Iterable[Result], applies: object) -> Iterator[Result]:
    """The failures; without any, a pass where the rule `applies` to the report, else not applicable."""
    found = list(failures)
    yield from found or [PASS if applies else NOT_APPLICABLE]


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
    return f"{(ratio * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def ten_thousand_yuan(value: Decimal) -> str:
    """An amount in yuan as 万元."""
    return plain(value / 10000) + "万元"
