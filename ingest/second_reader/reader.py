"""The second reading of documents: ask, pass the gate, count. Nothing here raises because of the endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table
from ingest.reading.normalise import mask_personal_data
from ingest.second_reader.answers import answers_in
from ingest.second_reader.client import EndpointError, ask
from ingest.second_reader.prompt import Vocabulary, is_asked, messages_of, vocabulary_of, wording
from ingest.second_reader.rows import claims_of
from ingest.second_reader.settings import Endpoint
from ingest.second_reader.votes import Vote, refusals, vote_rows, votes_of

# After so many documents in a row without an answer the endpoint is not asked any more: a night must not wait for it.
FAILURES_IN_A_ROW = 3


@dataclass(frozen=True)
class SecondReading:
    """The votes on one document, one for each claim, in their order; `failure` says why there is no answer at all.

    `strays` counts entries of the answer that are about no figure of the document; they are dropped.
    """

    votes: tuple[Vote, ...]
    failure: str = ""
    strays: int = 0


@dataclass
class SecondReader:
    """Reads one document after another; keeps only how often in a row the endpoint has failed."""

    endpoint: Endpoint
    vocabulary: Vocabulary
    parents: Mapping[str, str]
    failures: int = field(default=0, init=False)

    @classmethod
    def at(cls, endpoint: Endpoint, reference: Path) -> SecondReader:
        """The reader at an endpoint, with the vocabulary of the reference tables."""
        rows = read_table(reference / "budget_categories.csv")
        return cls(endpoint, vocabulary_of(reference), {row["category"]: row["parent"] for row in rows})

    def read(self, text: str, claims: Sequence[Claim]) -> SecondReading:
        """The votes on a document's text and claims. Personal data are masked before anything is sent."""
        text = mask_personal_data(text)
        asked = [claim for claim in claims if is_asked(claim)]
        if not asked:
            return SecondReading(tuple(refusals(claims, "not_asked")))
        limits = wording()
        if len(text) > limits["most_characters"] or len(asked) > limits["most_figures"]:
            return _without_answer(claims, "document_too_long")
        if self.failures >= FAILURES_IN_A_ROW:
            return _without_answer(claims, "endpoint_given_up")
        try:
            content = ask(self.endpoint, messages_of(text, asked, self.vocabulary))
            self.failures = 0
            answers = answers_in(content, {claim.number for claim in asked})
        except EndpointError as error:
            self.failures += error.reason.startswith("endpoint")
            return _without_answer(claims, error.reason)
        votes = votes_of(answers, claims, text, self.parents, self.vocabulary)
        return SecondReading(tuple(votes), strays=answers.strays)

    def vote_rows(self, text: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """Rows of the lake's table `vote` for one file's text and rows, as the first reader gave them."""
        (version,) = rows["submission_version"]
        reading = self.read(text, claims_of(rows["claim"]))
        known = {claim["claim_number"]: claim["claim_id"] for claim in rows["claim"]}
        version_id, prompt = version["submission_version_id"], wording()["version"]
        return vote_rows(version_id, reading.votes, lambda _, number: known[number], self.endpoint.model, prompt)


def _without_answer(claims: Sequence[Claim], reason: str) -> SecondReading:
    return SecondReading(tuple(refusals(claims, reason)), failure=reason)
