"""What a worker has read once to warm up, the children that it splits off need not prepare again."""

import subprocess
import sys
from pathlib import Path

from jiheng.settings import PROJECT_ROOT

# Counts the patterns that each report has compiled in a process that has warmed up and read nothing else.
SCRIPT = """
import os, re, sys
from datetime import UTC, datetime
from pathlib import Path
from ingest import pool
from ingest.inbox import Arrival
from ingest.reader import ReaderData, read_and_check
from ingest.registers import directory_of, division_rows, due_rows
place, scratch = map(Path, sys.argv[1:])
registers = [place / "registers", Path("registers")]
divisions = division_rows(registers)
data = ReaderData(directory_of(divisions, due_rows(registers, divisions)), {}, Path("dbt_project/seeds"))
if "cold" not in os.environ:
    pool._warm_up(data, scratch)
compiled, original = [], re._compiler.compile
re._compiler.compile = lambda *given: compiled.append(given) or original(*given)
path = sorted((place / "inbox").glob("*.docx"))[0]
outcome = read_and_check(path, Arrival("a", path.name, "", 1, datetime.now(UTC)), data)
print(len(compiled) if outcome.is_identified else outcome.reason_code)
"""


def compiled_by_the_first_report(scratch: str, **environment: str) -> int:
    command = [sys.executable, "-c", SCRIPT, "samples/province", scratch]
    told = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_the_first_report_after_a_warm_up_finds_nearly_all_prepared(tmp_path: Path) -> None:
    scratch = str(tmp_path)
    cold, warm = compiled_by_the_first_report(scratch, cold="yes"), compiled_by_the_first_report(scratch)
    assert warm * 20 < cold, f"{warm} of {cold} patterns were compiled only now"
