"""D14: amounts of money have a unit. 2245.08 may be 元 or 万元."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.wording import MOST_SHOWN, slip
from ingest.reading.claims import ORIGIN_TEXT

# Amounts of money are given to the cent or to 0.01万元; other figures without a unit seldom are.
DECIMALS = 2


def check(case: Case) -> Iterator[Result]:
    """Fails once with the amounts of the narrative that bear no unit where the text gives none for all."""
    figures = [
        claim for claim in case.claims if claim.origin == ORIGIN_TEXT and slip("money_noun").search(claim.surface)
    ]
    bare = [claim for claim in figures if not claim.unit and claim.decimals == DECIMALS and "元" not in claim.sentence]
    told = slip("unit_for_all").search(case.text)
    found = "、".join(plain(claim.value) for claim in bare[:MOST_SHOWN])
    failures = [Result("fail", bare[:MOST_SHOWN], expected="元、万元或亿元", found=found)] if bare and not told else []
    yield from judged(failures, applies=figures or case.of_kind("budget") or case.of_kind("expenditure"))
