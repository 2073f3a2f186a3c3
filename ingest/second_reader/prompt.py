"""What is asked: the text without personal data, the figures that were found, and the words that an answer may use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Subject:
    """Something that a figure may be about; `unit_family` is what a figure of an indicator must have."""

    name: str
    unit_family: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The keys that a vote may name: budget categories and indicators."""

    categories: Mapping[str, Subject]
    indicators: Mapping[str, Subject]

    def of(self, claim: Claim) -> Mapping[str, Subject]:
        """The subjects that a claim of its kind may have; empty where its subject is not asked."""
        subjects: Mapping[str, Subject] = getattr(self, asked_of(claim)["subjects"], {})
        return subjects


def vocabulary_of(reference: Path) -> Vocabulary:
    """The vocabulary of the reference tables."""
    categories = {row["category"]: Subject(row["name_zh"]) for row in read_table(reference / "budget_categories.csv")}
    indicators = read_table(reference / "indicators.csv")
    return Vocabulary(
        categories, {row["indicator_key"]: Subject(row["name"], row["unit_family"]) for row in indicators}
    )


@cache
def wording() -> dict[str, Any]:
    """The prompt as data."""
    found: dict[str, Any] = yaml.safe_load((HERE / "prompt.yaml").read_text(encoding="utf-8"))
    return found


def asked_of(claim: Claim) -> dict[str, Any]:
    """What may be voted on about a claim of this kind; without roles where nothing may."""
    found: dict[str, Any] = wording()["kinds"].get(claim.kind, {"subjects": "none", "roles": {}})
    return found


def is_asked(claim: Claim) -> bool:
    """Whether there is something to vote on: more than one role, or a subject."""
    asked = asked_of(claim)
    return claim.value is not None and (len(asked["roles"]) > 1 or asked["subjects"] != "none")


def messages_of(text: str, claims: Sequence[Claim], vocabulary: Vocabulary) -> list[dict[str, str]]:
    """The messages for one document. `text` must be masked; `claims` are those that are asked."""
    question = {
        "kinds": {claim.kind: asked_of(claim) for claim in claims},
        "subjects": {
            "categories": {key: subject.name for key, subject in vocabulary.categories.items()},
            "indicators": {key: subject.name for key, subject in vocabulary.indicators.items()},
        },
        "figures": [_figure(text, claim) for claim in claims],
        "text": text,
    }
    return [
        {"role": "system", "content": wording()["system"]},
        {"role": "user", "content": json.dumps(question, ensure_ascii=False)},
    ]


def _figure(text: str, claim: Claim) -> dict[str, Any]:
    """A figure by its place; what the first reader made of it is not told, so that the vote is the second's own."""
    start, end = claim.figure
    return {"claim": claim.number, "kind": claim.kind, "figure": text[start:end], "start": start}
