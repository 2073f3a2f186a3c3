"""Rows on their way into the lake: what comes as text lands as what comes as itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ingest.landing import _column, _typed

MONEY = pa.field("amount", pa.decimal128(28, 6))
TIME = pa.field("at", pa.timestamp("us", "UTC"))
ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TIMES = st.builds(
    lambda microseconds, zone: (LONG_AGO + timedelta(microseconds=microseconds)).astimezone(zone),
    st.integers(0, 4 * 10**15),
    ZONES,
)
AMOUNTS = st.decimals(-(10**18), 10**18, allow_nan=False, places=9)


def landed(values: list[Any], field: pa.Field) -> list[Any]:
    found: list[Any] = pa.array(_column([{field.name: value} for value in values], field), field.type).to_pylist()
    return found


@given(st.lists(st.none() | AMOUNTS, max_size=5))
def test_amounts_land_alike_as_text_and_as_decimals(amounts: list[Decimal | None]) -> None:
    """Also those with more digits than the column, which round to the even."""
    texts = [None if amount is None else str(amount) for amount in amounts]
    assert landed(texts, MONEY) == landed(amounts, MONEY) == [_typed(text, MONEY.type) for text in texts]


@given(st.lists(st.none() | TIMES, max_size=5))
def test_times_land_alike_as_text_and_as_times(times: list[datetime | None]) -> None:
    texts = [None if time is None else time.isoformat() for time in times]
    assert landed(texts, TIME) == [None if time is None else time.astimezone(UTC) for time in times]
