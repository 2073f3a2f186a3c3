"""A21: 三公经费 is the sum of its three parts."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, ten_thousand_yuan
from ingest.checking.interval import decimal_of, stated
from ingest.checking.money_identities import total_of
from ingest.checking.own_money import MEASURES, amount, same_year, settings
from ingest.reading.claims import Claim

Sum = tuple[Claim, list[Claim]]


def check(case: Case) -> Iterator[Result]:
    """Fails once for each measure whose three parts, all stated, are not the whole, however vehicles are divided."""
    sums = [found for found in (_sum(case, *measure) for measure in MEASURES) if found]
    failures = (
        Result(
            "fail",
            (whole, *parts),
            ten_thousand_yuan(decimal_of(total_of(parts).value)),
            ten_thousand_yuan(decimal_of(stated(whole).value)),
        )
        for whole, parts in sums
        if not stated(whole).meets(total_of(parts))
    )
    yield from judged(failures, sums)


def _sum(case: Case, kind: str, role: str) -> Sum | None:
    """The whole and its parts; one that is stated in pieces beside the whole (购置费, 运行维护费) with all of them."""
    words = settings()["three_public"]
    whole = amount(case, (kind, role), words["whole"])
    if whole is None:
        return None
    beside = [
        claim
        for claim in case.of_kind(kind, role)
        if claim.subject in words["parts"]
        and claim.section_path == whole.section_path
        and claim.operator == "="
        and same_year(claim, whole)
    ]
    firsts = list({claim.subject: claim for claim in reversed(beside)}.values())
    if len(firsts) < len(words["parts"]):
        return None
    return whole, firsts if stated(whole).meets(total_of(firsts)) else beside
