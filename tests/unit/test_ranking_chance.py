"""Chance fixed by words, and places in draws, against answers worked out elsewhere."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ranking import chance, places

FIVE, NINETY_FIVE = Decimal("0.05"), Decimal("0.95")
SCORES = st.lists(st.lists(st.integers(0, 9), min_size=20, max_size=20), min_size=1, max_size=6)


def test_the_stream_of_words_is_the_same_everywhere() -> None:
    # The first bytes of SHAKE-128 over "s|report|a", as `openssl dgst -shake128 -xoflen 12` prints them.
    assert chance.even(3, "s", "report", "a").tolist() == [2839877091, 3941040203, 2863121256]
    assert chance.even(2, "s", "report", "a").tolist() == chance.even(3, "s", "report", "a").tolist()[:2]


def test_chance_is_even_and_streams_do_not_follow_each_other() -> None:
    one, other = chance.even(20_000, "one"), chance.even(20_000, "other")
    tenths = np.bincount(chance.between(0, 10, one), minlength=10)
    assert len(tenths) == 10 and abs(tenths - 2000).max() < 5 * 2000**0.5
    assert abs(np.corrcoef(one, other)[0, 1]) < 5 / 20_000**0.5


def test_a_choice_has_the_odds_of_its_weights() -> None:
    chosen = np.bincount(chance.choice(np.array([2, 1, 0, 1]), chance.even(20_000, "odds")), minlength=4)
    assert chosen[2] == 0
    assert abs(chosen - np.array([10_000, 5000, 0, 5000])).max() < 5 * 5000**0.5


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_what_lies_between_two_ends_never_leaves_them(one: int, other: int) -> None:
    low, high = sorted((one, other))
    drawn = chance.between(low, high, np.array([0, 2**31, 2**32 - 1]))
    assert drawn[0] == low and low <= drawn[1] <= drawn[2] <= high


@given(SCORES)
def test_ranks_are_one_more_than_the_number_of_the_better(rows: list[list[int]]) -> None:
    scores = np.array(rows)
    ranks = places.competition_ranks(scores)
    for unit, draw in itertools.product(range(len(rows)), range(20)):
        assert ranks[unit, draw] == 1 + sum(other[draw] > rows[unit][draw] for other in rows)


@given(SCORES)
def test_units_differ_when_one_is_ahead_in_nearly_all_draws(rows: list[list[int]]) -> None:
    found = places.standing(np.array(rows), FIVE, NINETY_FIVE, named=True)
    assert found.others == _alike(rows, needed=19)
    assert found.indistinct.tolist() == [len(others) for others in found.others]


@given(st.integers(0, 2**32), st.sampled_from([100, 300, 1000]))
def test_units_are_told_apart_by_a_few_draws_as_by_all(seed: int, draws: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 30, (9, 1)) + random.integers(0, 20, (9, draws))
    found = places.standing(scores, FIVE, NINETY_FIVE, named=True)
    assert found.others == _alike(scores.tolist(), needed=draws * 95 // 100)


def _alike(rows: list[list[int]], needed: int) -> list[list[int]]:
    """For each unit the others that are neither ahead nor behind in so many draws."""

    def ahead(one: list[int], other: list[int]) -> int:
        return sum(a > b for a, b in zip(one, other, strict=True))

    units = range(len(rows))
    return [
        [at for at in units if at != unit and max(ahead(rows[unit], rows[at]), ahead(rows[at], rows[unit])) < needed]
        for unit in units
    ]


def test_an_interval_leaves_out_the_two_ends() -> None:
    ordered = np.arange(1, 101).reshape(1, 100)
    low, high = places.ends_of(ordered, FIVE, NINETY_FIVE)
    assert (low.tolist(), high.tolist()) == ([6], [95])
    whole = places.ends_of(ordered, Decimal(0), Decimal(1))
    assert [end.tolist() for end in whole] == [[1], [100]]
