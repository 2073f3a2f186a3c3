"""Votes: what the second reader's answers come to, one for each claim. A pure function, and the rows it gives.

Outcomes: `agree`; `disagree` on role, subject or both, which is a review item; `refused`, with a reason:

| reason | meaning |
| --- | --- |
| not_asked | the claim is of a kind with nothing to vote on |
| document_too_long | more text or figures than one question may hold |
| endpoint_unreachable, endpoint_timeout, endpoint_busy, endpoint_status | no answer, and how |
| endpoint_given_up | too many documents in a row without an answer: not asked any more |
| answer_too_large, answer_malformed | an answer that cannot be used, as a whole or for this claim |
| no_answer, answered_twice | no entry for this claim, or several |
| quote_not_found, quote_ambiguous | the quotation is not in the text, or several times and not where the answer says |
| other_figure | the quotation does not hold this figure |
| number_differs, unit_differs | our lexer reads another number or unit, or the answer states another |
| unknown_role, unknown_subject, unit_family_differs | a vote that this figure cannot have |
| breaks_identity | an identity would fail that does not |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ingest.reading.claims import Claim
from ingest.second_reader.answers import Answer, Answers
from ingest.second_reader.gate import (
    Evidence,
    Failures,
    Refused,
    check_identities,
    check_words,
    evidence_of,
    failures_of,
)
from ingest.second_reader.prompt import Vocabulary, asked_of, is_asked

Outcome = Literal["agree", "disagree", "refused"]


@dataclass(frozen=True)
class Vote:
    """One claim's vote. `role` and `subject` are the second reader's where it disagrees; `differs` names which."""

    claim: int
    outcome: Outcome
    reason: str | None = None
    differs: tuple[str, ...] = ()
    role: str | None = None
    subject: str | None = None
    evidence: Evidence | None = None


def votes_of(
    answers: Answers, claims: Sequence[Claim], text: str, parents: Mapping[str, str], vocabulary: Vocabulary
) -> list[Vote]:
    """A vote for each claim, in their order. `text` is the masked text that was asked about."""
    before = failures_of(claims, parents)
    return [_vote(answers, claim, claims, text, parents, vocabulary, before) for claim in claims]


def refusals(claims: Sequence[Claim], reason: str) -> list[Vote]:
    """The votes where no answer can be used at all, for the same reason."""
    return [Vote(claim.number, "refused", reason if is_asked(claim) else "not_asked") for claim in claims]


def vote_rows(
    version_id: str, votes: Sequence[Vote], claim_id_of: Callable[[str, int], str], model: str, prompt_version: str
) -> list[dict[str, Any]]:
    """Rows for the lake, one for each claim that was asked.

    Columns (text unless said otherwise): submission_version_id, claim_id, outcome, reason_code, role_differs and
    subject_differs (bool), voted_role, voted_subject, span_start and span_end (int, code points of the document's
    text), is_relocated (bool), model, prompt_version. Votes, reasons and spans are empty where there are none.
    """
    return [
        {
            "submission_version_id": version_id,
            "claim_id": claim_id_of(version_id, vote.claim),
            "outcome": vote.outcome,
            "reason_code": vote.reason,
            "role_differs": "role" in vote.differs,
            "subject_differs": "subject" in vote.differs,
            "voted_role": vote.role,
            "voted_subject": vote.subject,
            "span_start": vote.evidence.start if vote.evidence else None,
            "span_end": vote.evidence.end if vote.evidence else None,
            "is_relocated": vote.evidence.relocated if vote.evidence else False,
            "model": model,
            "prompt_version": prompt_version,
        }
        for vote in votes
        if vote.reason != "not_asked"
    ]


def _vote(
    answers: Answers,
    claim: Claim,
    claims: Sequence[Claim],
    text: str,
    parents: Mapping[str, str],
    vocabulary: Vocabulary,
    before: Failures,
) -> Vote:
    try:
        answer = _answer_for(answers, claim)
        evidence = evidence_of(answer, claim, text)
        check_words(answer, claim, vocabulary)
        role, subject = _voted(answer, claim, vocabulary)
        differs = _differing(claim, role, subject)
        if differs:
            check_identities(claim, role, subject, claims, parents, before)
    except Refused as refusal:
        return Vote(claim.number, "refused", refusal.reason)
    if not differs:
        return Vote(claim.number, "agree", evidence=evidence)
    return Vote(claim.number, "disagree", None, differs, role, subject, evidence)


def _answer_for(answers: Answers, claim: Claim) -> Answer:
    if not is_asked(claim):
        raise Refused("not_asked")
    if claim.number in answers.repeated:
        raise Refused("answered_twice")
    if claim.number in answers.malformed:
        raise Refused("answer_malformed")
    if claim.number not in answers.entries:
        raise Refused("no_answer")
    return answers.entries[claim.number]


def _voted(answer: Answer, claim: Claim, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """The votes; what was not asked stays as the first reader has it."""
    role = answer.role if len(asked_of(claim)["roles"]) > 1 else claim.role
    return role, answer.subject if vocabulary.of(claim) else claim.subject


def _differing(claim: Claim, role: str, subject: str | None) -> tuple[str, ...]:
    pairs = (("role", role, claim.role), ("subject", subject, claim.subject))
    return tuple(name for name, voted, read in pairs if voted != read)
