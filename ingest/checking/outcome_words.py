"""The words that rules on targets and outcomes go by (`outcomes.yaml`), and a figure in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import plain
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.sections import HEADING_MARK

CLAUSE_END = re.compile("[，,、；;:：。]")
# A clause is looked for as far as this on either side of a figure.
LONGEST_CLAUSE = 80
DIGIT = re.compile(r"\d")
YEAR = re.compile(r"(?<!\d)(20\d{2})年")
QUOTATION_MARKS = re.compile('[“”"]')


@cache
def words() -> dict[str, Any]:
    """Patterns by name (`outcomes.yaml`)."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("outcomes.yaml").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=grammar.LOOKUPS)
def says(name: str, text: str) -> bool:
    """Whether a pattern of `outcomes.yaml` is found in the text; `level.cost` names one of a group."""
    group, _, one = name.partition(".")
    found = words()[group][one] if one else words()[group]
    return re.search(found, text) is not None


def quantity(claim: Claim) -> str:
    """A claim's figure with its operator and unit, for people: ≥80宗, 15~20件."""
    operator = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "约"}.get(claim.operator, "")
    high = f"~{plain(claim.value_high)}" if claim.value_high is not None else ""
    return f"{operator}{plain(claim.value)}{high}{claim.unit}"


def named(claim: Claim) -> str:
    """What a figure counts, for people."""
    return QUOTATION_MARKS.sub("", HEADING_MARK.sub("", claim.surface)).strip() or claim.quote.strip()


def quantities(claims: Iterable[Claim]) -> str:
    """What some figures count, each with its figure: 5G基站406座、外资11亿元."""
    return "、".join(named(claim) + quantity(claim) for claim in claims)


def names_something_else(claim: Claim) -> bool:
    """Whether the words go on behind the name by which the catalogue knew the indicator (增加值能耗)."""
    behind = claim.quote.partition(claim.surface)[2] if claim.surface in claim.quote else claim.quote
    return says("other_measure", re.split(r"\d", behind)[0])


def shared_pairs(name: str, words: str) -> Fraction:
    """The share of a name's pairs of neighbouring characters that stand in the words."""
    pairs = {name[index : index + 2] for index in range(len(name) - 1)}
    return Fraction(sum(pair in words for pair in pairs), len(pairs)) if pairs else Fraction(0)


def clause_around(claim: Claim) -> str:
    """The words of a figure's own clause, and those behind it up to the next figure of its sentence."""
    before, _, behind = claim.sentence.partition(claim.quote)
    own = CLAUSE_END.split(before[-LONGEST_CLAUSE:])[-1]
    return own + claim.quote + DIGIT.split(behind[:LONGEST_CLAUSE], maxsplit=1)[0]


def signed_verb(claim: Claim) -> tuple[str, str] | None:
    """The verb that says alone what verb and sign say together, and both as they stand; nothing without a sign."""
    for name, verb in (("signed_growth", words()["fall"]), ("signed_fall", "")):
        match = re.search(words()[name], claim.quote)
        if match:
            return verb or match["verb"], match["verb"] + match["sign"]
    return None


def year_before_name(claim: Claim) -> str:
    """The year that stands right before the name of what was counted (2020年研发投入占比); empty without one."""
    match = re.match(words()["dated_name"], "".join(claim.quote.split()))
    return match["year"] if match and match["name"].startswith("".join(claim.surface.split())) else ""


@lru_cache(maxsize=grammar.LOOKUPS)
def latest_year_in(sentence: str) -> int:
    """The latest year that a sentence names; 0 without one."""
    return max(map(int, YEAR.findall(sentence)), default=0)
