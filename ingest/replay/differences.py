"""What a newer reading says otherwise than the one before it: claims gained, lost and changed, rules that fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
# What a claim is about; what it says of that is its value. Two that are about the same are told apart by their order.
ABOUT = ("kind", "role", "subject", "surface", "period_start", "period_end")
PLACES = 6
SAYS = ("operator", "value_base", "value_high_base", "unit_base", "value_text")


@dataclass(frozen=True)
class Difference:
    """One version before and after a newer reading; counts of claims, ids of rules that fail now or no longer."""

    gained: int
    lost: int
    changed: int
    fails_now: tuple[str, ...]
    fails_no_more: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether both readings say the same."""
        return not (self.gained or self.lost or self.changed or self.fails_now or self.fails_no_more)

    def as_json(self) -> dict[str, Any]:
        """For records and programs."""
        return asdict(self)


def difference(before: Mapping[str, Iterable[Row]], after: Mapping[str, Iterable[Row]]) -> Difference:
    """What the rows of a version, by table, say after that they did not say before."""
    was, now = _claims(before.get("claim", ())), _claims(after.get("claim", ()))
    failed, fails = _failed(before.get("finding", ())), _failed(after.get("finding", ()))
    return Difference(
        gained=len(now.keys() - was.keys()),
        lost=len(was.keys() - now.keys()),
        changed=sum(was[key] != now[key] for key in was.keys() & now.keys()),
        fails_now=tuple(sorted(fails - failed)),
        fails_no_more=tuple(sorted(failed - fails)),
    )


def _claims(rows: Iterable[Row]) -> dict[tuple[str, ...], tuple[str, ...]]:
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in sorted(rows, key=lambda row: (row["span_start"], row["claim_number"])):
        about = tuple(_word(row[name]) for name in ABOUT)
        seen[about] += 1
        found[*about, str(seen[about])] = tuple(_word(row[name]) for name in SAYS)
    return found


def _word(value: Any) -> str:
    """A value as text: rows come from Parquet, which keeps six places, or, between two steps, from JSON."""
    try:
        return str(round(Decimal(value), PLACES).normalize()) if isinstance(value, Decimal | str) else str(value or "")
    except ArithmeticError:
        return str(value)


def _failed(rows: Iterable[Row]) -> set[str]:
    return {row["rule_id"] for row in rows if row["outcome"] == "fail"}
