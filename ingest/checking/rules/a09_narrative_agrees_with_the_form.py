"""A09: narrative and form of one report state the same amounts."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.interval import stated
from ingest.checking.own_money import MEASURES, same_year, written
from ingest.checking.pairing import amounts
from ingest.reading.claims import ORIGIN_FORM, Claim

Pair = tuple[Claim, Claim]


def check(case: Case) -> Iterator[Result]:
    """Fails once for each amount that differs where others agree: only those show that both speak of the same money."""
    pairs = list(_pairs(case))
    agree = [pair for pair in pairs if stated(pair[0]).meets(stated(pair[1]))]
    differ = [pair for pair in pairs if agree and not _stated_in_both(case, pair[1])]
    failures = (Result("fail", pair, written(pair[1]), written(pair[0]), {"told": pair[0].quote}) for pair in differ)
    yield from judged(failures, agree)


def _pairs(case: Case) -> Iterator[Pair]:
    """The first amount of each measure and category in the narrative beside the first one in a form."""
    tabled = [claim for claim in case.claims if claim.origin == ORIGIN_FORM]
    told = [claim for claim in case.claims if claim.origin != ORIGIN_FORM]
    for measure in MEASURES:
        found = amounts(tabled, *measure)
        yield from (
            (claim, found[category])
            for category, claim in amounts(told, *measure).items()
            if category in found and same_year(claim, found[category])
        )


def _stated_in_both(case: Case, tabled: Claim) -> bool:
    """Whether an amount of the narrative is one of the forms: a report may also tell of a part of the year."""
    same = [c for c in case.claims if (c.kind, c.role, c.subject) == (tabled.kind, tabled.role, tabled.subject)]
    forms = [claim for claim in same if claim.origin == ORIGIN_FORM]
    return any(stated(one).meets(stated(other)) for one in same if one.origin != ORIGIN_FORM for other in forms)
