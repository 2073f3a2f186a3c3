"""Shares of a department's money (占总支出的19.10%): what they are of, and which belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.checking.case import Case
from ingest.checking.own_money import TOTAL, settings
from ingest.checking.pairing import host_of, same_sentence
from ingest.reading.claims import Claim


@dataclass(frozen=True)
class Share:
    """A stated share with the amounts of its category and the wholes that it may be a share of."""

    claim: Claim
    parts: tuple[Claim, ...]
    wholes: tuple[Claim, ...]


def shares_of(case: Case) -> list[Share]:
    """The shares of categories that make up the whole, where amount and whole are stated for their measure."""
    found = (Share(claim, _amounts(case, claim, claim.subject), _amounts(case, claim, TOTAL)) for claim in _own(case))
    return [share for share in found if share.parts and share.wholes]


def divided_shares(case: Case) -> list[list[Claim]]:
    """Shares in one sentence of different categories that together make up one whole."""
    found = []
    for first in _own(case):
        division = next(one for one in settings()["divisions"] if first.subject in one)
        others = (one for one in _own(case) if one.subject in division and one.number >= first.number)
        group = {
            one.subject: one for one in others if same_sentence(first, one) and _kind(case, one) == _kind(case, first)
        }
        found.append(list(group.values()))
    return [group for group in found if len(group) > 1]


def _own(case: Case) -> Iterator[Claim]:
    categories = {category for division in settings()["divisions"] for category in division}
    for claim in case.of_kind("share"):
        if claim.subject in categories and claim.operator == "=" and _kind(case, claim):
            yield claim


def _kind(case: Case, share: Claim) -> str:
    """What a share is of: income or expenditure, as the amount it stands behind."""
    host = host_of(share, case.claims)
    return host.kind if host is not None and host.kind in ("income", "expenditure") else ""


def _amounts(case: Case, share: Claim, category: str | None) -> tuple[Claim, ...]:
    claims = case.of_kind(_kind(case, share), "actual")
    return tuple(c for c in claims if c.subject == category and c.value_base and c.operator == "=")
