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
    "upgrade": phases.upgrade,
    "backup_and_restore": phases.backup_and_restore,
    "killed_night": phases.killed_night,
}


def main() -> int:
    """Run the phases in their order; the exit code says whether all of them held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FIGURES)
    parser.add_argument("--only", nargs="*", choices=PHASES, default=list(PHASES), help="`start` always runs")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="jiheng-compose-") as scratch, Engine(Path(scratch)) as engine:
        stack = Stack("jiheng-test", ENVIRONMENT | engine.environment, AIRFLOW_PORT, SITE_PORT)
        try:
            figures["engine"] = engine.facts()
            for name, phase in PHASES.items():
                if name in ("start", *given.only):
                    figures[name] = _run(name, phase, stack)
        except Exception:
            traceback.print_exc()
            print(stack.compose("logs", "--tail", "40", check=False), file=sys.stderr)
            return 1
        finally:
            stack.down()
    if set(given.only) == set(PHASES):
        given.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_table(figures)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def _run(name: str, phase: Callable[[Stack], dict[str, Any]], stack: Stack) -> dict[str, Any]:
    began = time.monotonic()
    print(f"… {name}", file=sys.stderr, flush=True)
    facts = phase(stack)
    seconds = round(time.monotonic() - began, 1)
    print(f"✓ {name} {seconds} s", file=sys.stderr, flush=True)
    return {"seconds": seconds, **facts}


if __name__ == "__main__":
    sys.exit(main())
