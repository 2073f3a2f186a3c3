"""Amounts that are compared with an earlier one in so many words: 支出120万元，比上年的100万元增加20万元，增长20%."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ingest.checking.case import Case
from ingest.checking.own_money import says
from ingest.checking.pairing import before_in_sentence, numbered, same_sentence
from ingest.reading.claims import Claim

CHANGES = ("change", "change_rate")


def comparisons_of(case: Case) -> list[tuple[Claim, Claim, Claim]]:
    """Each change or rate of change with the amount now and the earlier one it is compared with."""
    return list(_comparisons(case))


def _comparisons(case: Case) -> Iterator[tuple[Claim, Claim, Claim]]:
    """The earlier amount stands behind the amount now and right before its change, or the change before its rate."""
    for index, change in enumerate(case.claims):
        now = numbered(change.host, case.claims) if change.kind in CHANGES else None
        if now is None or change.operator != "=" or not same_sentence(now, change):
            continue
        nearest = list(islice(before_in_sentence(case.claims, index), 2))
        if change.kind == "change_rate" and nearest and nearest[0].kind == "change":
            nearest = nearest[1:]
        before = nearest[0] if nearest else None
        if before is not None and before.number > now.number and _is_compared(before, now):
            yield now, before, change


def _is_compared(before: Claim, now: Claim) -> bool:
    money = before.unit_family == now.unit_family == "money"
    exact = before.operator == now.operator == "=" and bool(before.value_base) and bool(now.value_base)
    return money and exact and before.subject == now.subject and says("compared", before.quote)
