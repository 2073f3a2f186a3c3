"""A night beside the obvious alternative, on the same files in one run: `python -m benchmarks.alternative`.

The alternative is `benchmarks/script.py`: pandas, python-docx and regular expressions. Told are their seconds, what
each read right of what the files state (senders, amounts, targets and outcomes, of reports whose truth is known to the
last figure), and how many of the errors that were put in on purpose each found. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.nights import DEPARTMENTS, ERRORS, MIX, REPORTS_A_DIVISION, SEED, night
from jiheng.settings import PROJECT_ROOT
from samples.generator import generate

# What the script calls the figures of `truth.json`.
STAGES = {"initial": ("budget", "initial"), "adjusted": ("budget", "adjusted"), "spent": ("expenditure",)}
COMPARED = ("identity", "money", "indicators", "errors")


def main() -> None:
    """Run both on one province and tell them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        province = folder / "province"
        generate(province, max(1, round(given.reports / REPORTS_A_DIVISION)), DEPARTMENTS, 1, ERRORS, SEED, MIX)
        script = of_script(province, folder / "tables")
        ours = night(province, folder / "home") | {"right": right_of_ours(province, folder / "home")}
    reading = ours["steps"]["read_and_check"]
    told = {"script": script, "night": ours, "times_as_long": round(ours["seconds"] / script["seconds"], 1)}
    told["reading_times_as_long"] = round(reading / script["seconds"], 1)
    sys.stdout.write(json.dumps(told) + "\n")


def of_script(province: Path, target: Path) -> dict[str, Any]:
    """The script's seconds, and what it read right."""
    places = [str(province / "inbox"), str(province / "registers"), str(target)]
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "benchmarks.script", *places], cwd=PROJECT_ROOT, check=True)
    seconds = time.monotonic() - began
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["files"]
    return {"seconds": round(seconds, 1), "right": right_of_script(truth, target)}


def right_of_script(truth: Mapping[str, Any], tables: Path) -> dict[str, list[int]]:
    """Found and expected of each kind, by the same count as `samples.evaluate` makes of a lake."""
    reports = {row["source_name"]: row for row in pd.read_parquet(tables / "reports.parquet").to_dict("records")}
    outcomes: dict[str, list[dict[str, Any]]] = {}
    for row in pd.read_parquet(tables / "outcomes.parquet").to_dict("records"):
        outcomes.setdefault(row["source_name"], []).append(row)
    counts = {kind: [0, 0] for kind in COMPARED}
    for name, true in truth.items():
        if true["expected_outcome"] == "identified":
            for kind, holds in _expectations(true, reports.get(name, {}), outcomes.get(name, [])):
                counts[kind][0] += holds
                counts[kind][1] += 1
    return counts


def _expectations(
    true: Mapping[str, Any], read: Mapping[str, Any], outcomes: list[dict[str, Any]]
) -> Iterator[tuple[str, bool]]:
    names = ("division_key", "department", "fiscal_year")
    sender = (true["division_key"], true.get("written_by", true["department_name"]), true["fiscal_year"])
    yield "identity", tuple(read.get(name) for name in names) == sender
    if "told" in true:
        return
    planted = {row["place"]: row["stated"] for row in true["planted"]}
    for stage, path in STAGES.items():
        if stage == "adjusted" and not true["adjusted_budget_is_stated"]:
            continue
        figures = true[path[0]] if len(path) == 1 else true[path[0]][path[1]]
        for category, value in figures.items():
            stated = Decimal(planted.get(f"{'.'.join(path)}.{category}") or value)
            found = read.get(f"{stage}.{category}")
            yield "money", found is not None and not pd.isna(found) and Decimal(f"{found:.2f}") == stated
    for row in true["indicators"]:
        if row["indicator_key"] is not None:
            mine = [one for one in outcomes if one["name"].endswith(row["surface"])]
            for side in ("target", "actual"):
                yield "indicators", any(_number(one[side]) == Decimal(row[side]) for one in mine)
    for _ in true["error_kinds"]:
        yield "errors", False


def _number(written: str) -> Decimal | None:
    bare = written.replace(",", "").rstrip(".")
    return Decimal(bare) if bare else None


def right_of_ours(province: Path, home: Path) -> dict[str, list[int]]:
    """Found and expected of each kind in the lake that the night has filled."""
    from ingest.lake import Lake
    from samples.evaluate import evaluate

    lake = Lake(home / "lake")
    tables: list[Any] = [lake.read(name) for name in ("submission_version", "claim", "finding", "arrival")]
    scores = evaluate(province / "truth.json", *tables)
    return {kind: [scores[kind].found, scores[kind].expected] for kind in COMPARED}


if __name__ == "__main__":
    main()
