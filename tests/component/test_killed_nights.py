"""Whole nights killed at random moments, a few of them; `python -m benchmarks.faults --kills 200` kills many."""

import json
import os
import subprocess
import sys

from jiheng.settings import PROJECT_ROOT

KILLS = 3


def test_a_night_that_is_killed_is_made_up_for_by_the_next() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIHENG_", "AIRFLOW"))}
    command = [sys.executable, "-m", "benchmarks.faults", "--kills", str(KILLS), "--seed", "5"]
    ran = subprocess.run(command, cwd=PROJECT_ROOT, env=clean, capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr[-3000:]
    found = json.loads(ran.stdout)
    assert (found["faults"], found["kills"], found["whole_runs"], ran.returncode) == ([], KILLS, 1, 0)
