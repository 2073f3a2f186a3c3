"""How long the intervals of a province's ranks take: `python -m benchmarks.ranking` prints it as JSON."""

from __future__ import annotations

import argparse
import json
import random
import resource
import time

import pandas as pd

from ranking.intervals import intervals

PARTS = ("execution", "outcome", "reliability", "completeness")
POLICIES = ("chosen", "easiest", "strictest")


def main() -> None:
    """Draw the ranks of a made-up province of two years, of which one in three reports is not wholly known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--departments", type=int, default=12_000)
    parser.add_argument("--divisions", type=int, default=170)
    parser.add_argument("--functions", type=int, default=27, help="among so many groups departments are ranked")
    parser.add_argument("--draws", type=int, default=1000)
    given = parser.parse_args()
    tables = _province(given.departments, given.divisions, given.functions, given.draws)
    began = time.perf_counter()
    found = intervals(tables)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"entries": found.num_rows, "seconds": round(seconds, 1), "peak_mib": round(memory)}
    print(json.dumps(vars(given) | told, indent=1))


def _province(departments: int, divisions: int, functions: int, draws: int) -> dict[str, pd.DataFrame]:
    chance = random.Random(7)
    bound, member, entry = [], [], []
    for number in range(departments):
        key, division = f"d{number % divisions:03}-{number:05}", f"d{number % divisions:03}"
        is_missing = chance.random() < 0.08
        named = {"method_id": "m", "province_key": "p", "fiscal_year": 2024}
        member.append(named | {"division_key": division, "department_key": key, "league": f"l{number % 3}"})
        if not is_missing:
            bound += [_bounds(key, policy, chance) for policy in POLICIES]
            scope = {"scope": "function", "scope_key": f"f{number % functions}"}
            entry.append(named | scope | {"measure": "level", "unit": "department", "unit_key": key})
    for number in range(divisions):
        scopes = {"province": "p", "league": f"l{number % 3}", "region": f"r{number % 4}"}
        entry += [
            {"method_id": "m", "province_key": "p", "fiscal_year": 2024, "scope": scope, "scope_key": scope_key}
            | {"measure": "level", "unit": "division", "unit_key": f"d{number:03}"}
            for scope, scope_key in scopes.items()
        ]
    method = {"method_id": "m", "seed": "s", "draws": draws, "weight_jitter": "0.2"}
    medians = [{"province_key": "p", "fiscal_year": 2024, "league": f"l{n}"} for n in range(3)]
    return {
        "method": pd.DataFrame([method | {"interval_low": "0.05", "interval_high": "0.95"}]),
        "part": pd.DataFrame(
            {"method_id": "m", "part": PARTS, "position": range(len(PARTS)), "weight": ["20", "40", "25", "15"]}
        ),
        "policy": pd.DataFrame({"method_id": "m", "policy": POLICIES, "weight": [2, 1, 1]}),
        "bound": pd.DataFrame(bound),
        "member": pd.DataFrame(member),
        "median": pd.DataFrame(medians).assign(method_id="m", median_millionths=70_000_000),
        "entry": pd.DataFrame(entry).assign(key_before=None),
    }


def _bounds(key: str, policy: str, chance: random.Random) -> dict[str, object]:
    row: dict[str, object] = {"method_id": "m", "fiscal_year": 2024, "department_key": key, "policy": policy}
    for part in PARTS:
        low = chance.randrange(400_000, 1_000_000)
        row |= {f"{part}_low": low, f"{part}_high": low if chance.random() < 0.67 else 1_000_000}
    return row


if __name__ == "__main__":
    main()
