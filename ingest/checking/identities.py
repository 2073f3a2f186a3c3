"""Identities between the figures of one report. A figure is verified when one of them holds and none fails.

An identity compares intervals, so that rounding is never an error; see `interval.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.checking.identity import Identity
from ingest.checking.money_identities import money_identities
from ingest.checking.outcome_identities import outcome_identities
from ingest.checking.pairing import amounts
from ingest.reading.claims import Claim

__all__ = ["Identity", "amounts", "identities_of", "verified"]


def identities_of(claims: Sequence[Claim], parents: Mapping[str, str]) -> list[Identity]:
    """All identities that the claims allow, which stand in the order of their numbers.

    `parents` gives each budget category the category it is part of.
    """
    figures = [claim for claim in claims if claim.value_base is not None]
    return [*money_identities(figures, parents), *outcome_identities(figures)]


def verified(claims: Sequence[Claim], identities: Sequence[Identity], extra: Sequence[int] = ()) -> list[Claim]:
    """The claims with what the identities say of them; `extra` are numbers of claims verified in another way.

    A figure that restates a verified one alike is verified with it.
    """
    held = {claim.number for identity in identities if identity.holds for claim in identity.claims} | set(extra)
    failed = {claim.number for identity in identities if not identity.holds for claim in identity.claims}
    proven = {_statement(claim) for claim in claims if claim.number in held}
    held |= {claim.number for claim in claims if claim.subject and _statement(claim) in proven}
    return [
        claim.known(
            "contradicted" if claim.number in failed - held else "verified" if claim.number in held else "unverifiable"
        )
        for claim in claims
    ]


def _statement(claim: Claim) -> tuple[object, ...]:
    return (claim.kind, claim.subject, claim.role, claim.operator, claim.value_base, claim.unit_base, claim.period_end)
