"""What the one command for all benchmarks makes of what each of them writes."""

from pathlib import Path

import pytest

from benchmarks.__main__ import RUNS, told_in


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ('progress\n{"a": 1}\n', {"a": 1}),
        ('{"first": 1}\n{\n "a": {\n  "b": 2\n }\n}\n', {"a": {"b": 2}}),
        ("nothing\n", None),
        ('{"half": \n', None),
    ],
)
def test_the_last_json_is_what_was_told(output: str, told: object) -> None:
    assert told_in(output) == told


def test_every_benchmark_that_is_named_is_there() -> None:
    folder = Path(__file__).parents[2] / "benchmarks"
    named = {run.split()[0] for runs in RUNS.values() for run in runs}
    assert named <= {path.stem for path in folder.glob("*.py")}
