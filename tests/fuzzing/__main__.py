"""`python -m tests.fuzzing --minutes N`: mutate the seeds for N minutes a target; what breaks one is kept."""

import argparse
import hashlib
import random
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from ingest.reader import limit_memory
from tests.fuzzing.mutation import mutated
from tests.fuzzing.targets import TARGETS, seeds_of

CRASHERS = Path(__file__).parent / "crashers"
MOST_SECONDS = 20


def main() -> int:
    """Run the targets named; 1 when an input broke one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("targets", nargs="*", default=list(TARGETS))
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_slow)
    # As at night: what asks for more is an error of its own, not the end of the machine.
    limit_memory()
    broken = sum(_run(target, asked.minutes * 60, asked.seed) for target in asked.targets)
    return int(broken > 0)


def _run(target: str, seconds: float, seed: int) -> int:
    chance, files = random.Random(seed), {name: make() for name, make in seeds_of(target).items()}
    end, runs, seen, slowest = time.monotonic() + seconds, 0, set[str](), 0.0
    while time.monotonic() < end:
        content, begin = mutated(files[chance.choice(list(files))], chance), time.monotonic()
        # Before it is tried: what ends this process is kept too.
        path = _kept(target, content)
        signal.alarm(MOST_SECONDS)
        try:
            TARGETS[target](content)
        except Exception as error:
            trace = error.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            where = f"{type(error).__name__} {trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno)}"
            if where in seen:
                path.unlink()
            else:
                seen.add(where)
                print(f"{target}: {error!r:.300} {where} -> {path.name}", flush=True)
        else:
            path.unlink()
        finally:
            signal.alarm(0)
        slowest, runs = max(slowest, time.monotonic() - begin), runs + 1
    print(f"{target}: {runs} runs, {seconds:.0f} s, slowest {slowest:.2f} s, {len(seen)} kinds of fault", flush=True)
    return len(seen)


def _kept(target: str, content: bytes) -> Path:
    path = CRASHERS / f"{target}-{hashlib.sha256(content).hexdigest()[:12]}"
    path.write_bytes(content)
    return path


def _too_slow(*_: object) -> NoReturn:
    raise TimeoutError(f"more than {MOST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
