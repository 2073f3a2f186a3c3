"""Run docker-compose.yml in real containers and prove what it promises: `make test-compose`.

    python -m tests.compose.run [--out FIGURES.json] [--only PHASE ...]

Where no Docker engine answers, one is started in a folder of its own (as root), removed at the end. Where no registry
answers, the base images are made on debootstrap under the names that the files use (`tests/compose/images`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jiheng.settings import PROJECT_ROOT
from tests.compose import phases
from tests.compose.engine import Engine
from tests.compose.figures import write_table
from tests.compose.stack import Stack

FIGURES = PROJECT_ROOT / "docs" / "operator" / "containers.json"
AIRFLOW_PORT, SITE_PORT = 8490, 8491
ENVIRONMENT = {
    "JIHENG_AIRFLOW_PORT": str(AIRFLOW_PORT),
    "JIHENG_SITE_PORT": str(SITE_PORT),
    "JIHENG_REGISTERS": "/opt/jiheng/samples/province/registers",
    # The sample's sixty files in six batches, so that both workers have something to read.
    "JIHENG_READING_BATCH": "10",
    "JIHENG_IMAGE": "jiheng:compose-test",
    "JIHENG_INBOX": "s3://inbox",
    "JIHENG_PUBLISH_TO": "s3://editions",
}
PHASES: dict[str, Callable[[Stack], dict[str, Any]]] = {
    "start": phases.start,
    "receipt": phases.receipt,
    "night": phases.night,
    "killed_night": phases.killed_night,
    "upgrade": phases.upgrade,
    "backup_and_restore": phases.backup_and_restore,
}


def main() -> int:
    """Run the phases in their order; the exit code says whether all of them held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FIGURES)
    parser.add_argument("--only", nargs="*", choices=PHASES, default=list(PHASES), help="`start` always runs")
    parser.add_argument("--keep", action="store_true", help="leave the services running, for another look")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jiheng-compose-") as scratch, Engine(Path(scratch)) as engine:
        stack = Stack("jiheng-test", ENVIRONMENT | engine.environment, AIRFLOW_PORT, SITE_PORT)
        figures = {"engine": engine.facts()}
        try:
            held = _run_all([name for name in PHASES if name in ("start", *given.only)], stack, figures)
        finally:
            if not given.keep:
                stack.down()
    if held and set(given.only) == set(PHASES):
        given.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_table(figures)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0 if held else 1


def _run_all(names: list[str], stack: Stack, figures: dict[str, Any]) -> bool:
    """Run phases, also after one that did not hold: half an hour should tell of everything. Not without a start."""
    held = True
    for name in names:
        began = time.monotonic()
        _say(f"… {name}")
        try:
            facts = PHASES[name](stack)
        except Exception:
            held = False
            traceback.print_exc()
            _say(f"✗ {name}\n{stack.compose('logs', '--tail', '40', check=False)}")
            if name == "start":
                break
            continue
        figures[name] = {"seconds": round(time.monotonic() - began, 1), **facts}
        _say(f"✓ {name} {json.dumps(figures[name], ensure_ascii=False)}")
    return held


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
