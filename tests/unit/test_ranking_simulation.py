"""The simulation against an implementation written apart from it, with other chance, and against algebra."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking import simulation
from ranking.intervals import intervals

PARTS = ("execution", "outcome", "reliability", "completeness")
WEIGHTS = dict(zip(PARTS, map(Decimal, ("20", "40", "25", "15")), strict=True))
POLICIES = {"chosen": 2, "easiest": 1, "strictest": 1}
METHOD = simulation.Method("m", "seed", 4000, Decimal("0.2"), Decimal("0.05"), Decimal("0.95"), WEIGHTS, POLICIES)
MEDIAN = 70.0

# Bounds of the four parts under each policy, as shares: known, partly known, drifting targets, hardly anything known.
Bounds = dict[str, list[tuple[float, float]]]
KNOWN = [(0.9, 0.9), (0.8, 0.8), (0.7, 0.7), (1.0, 1.0)]
PARTLY = [(0.95, 0.95), (0.5, 0.9), (0.8, 0.8), (1.0, 1.0)]
UNKNOWN = [(0.0, 1.0), (0.6, 0.6), (0.5, 0.5), (0.9, 0.9)]
MIDDLING = [(0.6, 0.6)] * 4
DRIFT: Bounds = {"chosen": [(0.9, 0.9), (0.7, 0.7), (0.7, 0.7), (0.8, 0.8)]}
DRIFT |= {"easiest": [(0.9, 0.9), (1.0, 1.0), (0.7, 0.7), (0.8, 0.8)]}
DRIFT |= {"strictest": [(0.9, 0.9), (0.3, 0.3), (0.7, 0.7), (0.8, 0.8)]}
REPORTS: dict[str, Bounds] = {
    "a-1": dict.fromkeys(POLICIES, KNOWN),
    "a-2": dict.fromkeys(POLICIES, PARTLY),
    "b-1": DRIFT,
    "b-2": dict.fromkeys(POLICIES, UNKNOWN),
    "c-1": dict.fromkeys(POLICIES, MIDDLING),
}
MISSING = {"c-2": "c"}


def tables(reports: dict[str, Bounds] = REPORTS, draws: int = 4000) -> dict[str, pd.DataFrame]:
    key: dict[str, Any] = {"method_id": "m", "fiscal_year": 2024}
    bound = [
        key
        | {"department_key": name, "policy": policy}
        | {f"{part}_low": round(ends[0] * 1e6) for part, ends in zip(PARTS, parts, strict=True)}
        | {f"{part}_high": round(ends[1] * 1e6) for part, ends in zip(PARTS, parts, strict=True)}
        for name, policies in reports.items()
        for policy, parts in policies.items()
    ]
    names = [*reports, *MISSING]
    member = [
        key | {"province_key": "p", "league": "l", "division_key": name[0], "department_key": name} for name in names
    ]
    level = key | {"province_key": "p", "measure": "level", "key_before": None}
    entry = [
        level | {"unit": "department", "scope": "function", "scope_key": "f", "unit_key": name} for name in reports
    ]
    entry += [
        level | {"unit": "division", "scope": "league", "scope_key": "l", "unit_key": division}
        for division in sorted({name[0] for name in names})
    ]
    method = {"method_id": "m", "seed": "seed", "draws": draws, "weight_jitter": Decimal("0.2")}
    method |= {"interval_low": Decimal("0.05"), "interval_high": Decimal("0.95")}
    return {
        "method": pd.DataFrame([method]),
        "part": pd.DataFrame(
            [{"method_id": "m", "part": part, "position": n, "weight": WEIGHTS[part]} for n, part in enumerate(PARTS)]
        ),
        "policy": pd.DataFrame([{"method_id": "m", "policy": name, "weight": odds} for name, odds in POLICIES.items()]),
        "bound": pd.DataFrame(bound),
        "member": pd.DataFrame(member),
        "median": pd.DataFrame([key | {"province_key": "p", "league": "l", "median_millionths": int(MEDIAN * 1e6)}]),
        "entry": pd.DataFrame(entry),
    }


def found(given_tables: dict[str, pd.DataFrame], unit: str) -> dict[str, dict[str, Any]]:
    return {row["unit_key"]: row for row in intervals(given_tables).to_pylist() if row["unit"] == unit}


def independent(draws: int) -> dict[str, list[dict[str, float]]]:
    """Scores by draw, in plain Python with the Mersenne Twister and floats; written from the method's words alone."""
    chance = random.Random(20_241_231)
    departments, divisions = [], []
    for _ in range(draws):
        weights = [float(weight) * chance.uniform(0.8, 1.2) for weight in WEIGHTS.values()]
        policy = chance.choices(list(POLICIES), weights=list(POLICIES.values()))[0]
        scores = {}
        for name, policies in REPORTS.items():
            shares = [chance.uniform(*ends) for ends in policies[policy]]
            scores[name] = 100 * sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights)
        departments.append(scores)
        assumed = scores | {name: chance.uniform(0, MEDIAN) for name in MISSING}
        divisions.append(
            {
                division: float(np.mean([score for name, score in assumed.items() if name[0] == division]))
                for division in sorted({name[0] for name in assumed})
            }
        )
    return {"department": departments, "division": divisions}


@pytest.mark.parametrize("unit", ["department", "division"])
def test_intervals_agree_with_an_implementation_written_apart(unit: str) -> None:
    ours = found(tables(), unit)
    theirs = independent(8000)[unit]
    assert set(ours) == set(theirs[0])
    for name, row in ours.items():
        scores = [draw[name] for draw in theirs]
        ranks = [1 + sum(other > draw[name] for other in draw.values()) for draw in theirs]
        low, high = np.quantile(scores, [0.05, 0.95])
        assert row["points_low"] / 1e6 == pytest.approx(low, abs=0.6)
        assert row["points_high"] / 1e6 == pytest.approx(high, abs=0.6)
        best, worst = np.quantile(ranks, [0.05, 0.95], method="inverted_cdf")
        assert (row["rank_low"], row["rank_high"]) == (best, worst)
        alike, doubtful = 0, 0
        for other in theirs[0]:
            ahead = np.mean([draw[name] > draw[other] for draw in theirs])
            # Where chance alone may decide, the two need not agree.
            is_doubtful = min(abs(ahead - 0.05), abs(ahead - 0.95)) <= 0.02
            is_alike = other != name and 0.05 < ahead < 0.95
            alike, doubtful = alike + (is_alike and not is_doubtful), doubtful + is_doubtful
            if other != name and not is_doubtful and unit == "division":
                assert (other in row["indistinct_from"]) == is_alike
        assert alike <= row["indistinct_units"] <= alike + doubtful


def test_one_unknown_part_moves_the_score_evenly() -> None:
    method = replace(METHOD, weight_jitter=Decimal(0))
    low = np.array([[500_000, 0, 500_000, 500_000]] * 3)
    high = np.array([[500_000, 1_000_000, 500_000, 500_000]] * 3)
    scores = simulation.report_scores(method, simulation.circumstances(method), "x", low, high)
    # 60 points at one half, and 40 points at anything: evenly spread from 30 to 70.
    assert scores.min() >= 30_000_000 and scores.max() < 70_000_000
    spread = np.quantile(scores, [0.05, 0.25, 0.5, 0.75, 0.95]) / 1e6
    assert spread == pytest.approx([32, 40, 50, 60, 68], abs=1.2)


def test_what_is_known_does_not_vary_beyond_the_weights() -> None:
    method = replace(METHOD, weight_jitter=Decimal(0))
    same = np.array([[924_000, 800_000, 600_000, 1_000_000]] * 3)
    scores = simulation.report_scores(method, simulation.circumstances(method), "x", same, same)
    assert set(scores.tolist()) == {80_480_000}
    moved = simulation.circumstances(METHOD).weights
    stated = np.array([int(weight * 1_000_000) for weight in WEIGHTS.values()])
    assert (abs(moved - stated) <= stated // 5).all() and len(set(moved[:, 0].tolist())) > 3000


def test_a_division_is_the_mean_of_its_members() -> None:
    mean = simulation.mean_scores([np.array([60, 10]), np.array([31, 10]), np.array([0, 12])])
    assert mean.tolist() == [30, 10]


def test_the_same_tables_in_any_order_give_the_same_intervals() -> None:
    first = tables(draws=200)
    mixed = {name: table.sample(frac=1, random_state=3) for name, table in first.items()}
    assert intervals(first).to_pylist() == intervals(mixed).to_pylist()


def test_a_report_that_drops_out_changes_nobody_elses_points() -> None:
    fewer = {name: bounds for name, bounds in REPORTS.items() if name != "b-2"}
    before, after = found(tables(draws=300), "department"), found(tables(fewer, draws=300), "department")
    for name in fewer:
        assert [before[name][end] for end in ("points_low", "points_high")] == [
            after[name][end] for end in ("points_low", "points_high")
        ]


SHARES = st.lists(st.integers(0, 1_000_000), min_size=4, max_size=4)


@given(SHARES, SHARES, SHARES)
def test_better_bounds_never_lower_a_draw(low: list[int], more: list[int], better: list[int]) -> None:
    method = replace(METHOD, draws=50)
    drawn = simulation.circumstances(method)
    lowest, highest = np.array([low] * 3), np.array([[max(pair) for pair in zip(low, more, strict=True)]] * 3)
    raised = np.maximum(lowest, better), np.maximum(highest, better)
    before = simulation.report_scores(method, drawn, "x", lowest, highest)
    after = simulation.report_scores(method, drawn, "x", *raised)
    assert (after >= before).all()
    assert before.min() >= min(low) * 100 and before.max() <= highest.max() * 100
