"""Many files read at once, each in a process that may crash, hang or run out of memory without harm to the others."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

from ingest.inbox import Arrival
from ingest.reader import SECONDS_LIMIT, Outcome, ReaderData, limit_process, read_and_check

FILES_PER_PROCESS = 200
_data: ReaderData | None = None


def read_all(files: Iterable[tuple[Arrival, Path]], data: ReaderData) -> Iterator[tuple[Arrival, Outcome]]:
    """Read and check files in processes beside this one; outcomes come in the order of the files."""
    from pebble import ProcessPool

    waiting = list(files)
    if not waiting:
        return
    context = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, len(waiting))
    with ProcessPool(workers, FILES_PER_PROCESS, _begin, [data], context) as pool:
        futures = [pool.schedule(_one, args=[arrival, path], timeout=SECONDS_LIMIT) for arrival, path in waiting]
        for (arrival, _), future in zip(waiting, futures, strict=True):
            try:
                yield arrival, future.result()
            except FutureTimeout:
                yield arrival, Outcome(None, "READER_TIMEOUT", f"more than {SECONDS_LIMIT} s", "", {})
            except Exception as error:
                # Whatever one file does to its reader is that file's outcome: the night goes on and says so.
                yield arrival, Outcome(None, "READER_FAILED", type(error).__name__, "", {})


def _begin(data: ReaderData) -> None:
    global _data  # noqa: PLW0603 -- a reading process is set up once, by the pool
    limit_process()
    _data = data


def _one(arrival: Arrival, path: Path) -> Outcome:
    if _data is None:
        raise RuntimeError("the reading process was not set up")
    return read_and_check(path, arrival, _data)
