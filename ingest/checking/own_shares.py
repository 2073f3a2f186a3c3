"""Shares of a department's money (占总支出的19.10%): what they are of, and which belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.checking.case import Case
from ingest.checking.money_identities import ALL_THE_MONEY
from ingest.checking.own_money import settings
from ingest.checking.pairing import host_of
from ingest.reading.claims import Claim

MEASURES = ("income", "expenditure")


@dataclass(frozen=True)
class Share:
    """A stated share with the amounts of its category and the wholes that it may be a share of."""

    claim: Claim
    parts: tuple[Claim, ...]
    wholes: tuple[Claim, ...]


def shares_of(case: Case) -> list[Share]:
    """The shares of categories that make up a whole, where amount and whole are stated for their measure."""
    shares = []
    for claim, kind in _own(case):
        parts = (one for one in _amounts(case, kind) if one.subject == claim.subject)
        wholes = (
            one
            for measure in (kind, *MEASURES, "budget")
            for whole in ALL_THE_MONEY
            for one in _amounts(case, measure)
            if one.subject == whole != claim.subject
        )
        shares.append(Share(claim, tuple(parts), tuple(wholes)))
    return [share for share in shares if share.parts and share.wholes]


def _amounts(case: Case, kind: str) -> list[Claim]:
    return [claim for claim in case.of_kind(kind) if claim.value_base and claim.operator == "="]


def divided_shares(case: Case) -> list[list[Claim]]:
    """Shares under one heading of different categories that together make up one whole, the first of each."""
    groups: dict[tuple[object, ...], dict[str | None, Claim]] = {}
    for claim, kind in _own(case):
        division = next(index for index, one in enumerate(settings()["divisions"]) if claim.subject in one)
        groups.setdefault((division, kind, claim.section_path), {}).setdefault(claim.subject, claim)
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def _own(case: Case) -> Iterator[tuple[Claim, str]]:
    """Shares of such categories, each with the measure it is a share of: that of the amount it stands behind."""
    categories = {category for division in settings()["divisions"] for category in division}
    for claim in case.of_kind("share"):
        host = host_of(claim, case.claims)
        if host is not None and host.kind in MEASURES and claim.subject in categories and claim.operator == "=":
            yield claim, host.kind
