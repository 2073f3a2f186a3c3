"""Many files read at once; one that makes its reader crash, hang or run out of memory does no further harm.

A worker beside this process is set up once (registers, grammar). For every file it splits off a child with bounds, a
scratch folder and a process group of its own, which makes a document of the bytes; when the child has answered, failed
or taken too long, the group is killed and the folder removed. What the document says is read and checked by the worker
itself, in Python alone and with memory and time bounded; one that dies of it costs that file only, and another worker
takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.documents import Document
from ingest.inbox import Arrival
from ingest.reader import (
    SCAN_SECONDS_LIMIT,
    SECONDS_LIMIT,
    Outcome,
    ReaderData,
    check,
    document_of,
    limit_memory,
    limit_process,
    read_and_check,
)

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

FILES_PER_WORKER = 1000
# So many may be read before the first of them is: others go on while a scan takes minutes, and wait in memory.
FILES_AHEAD = 500
# The outcome of a file that its reader did not survive: our own fault, told to the operator.
FAILED = "READER_FAILED"
# A worker ends its child in time; should it hang itself, the pool ends the worker so many seconds later.
GRACE_SECONDS = 30
# How long a child that has answered may take to end.
LAST_MOMENT_SECONDS = 0.1
# What readers may know of this process's environment: no address, no token, no proxy.
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "JIHENG_HOME", "OMP_NUM_THREADS")
# Files that may be scans: recognition needs more time than reading.
MAYBE_SCANS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")
# A made-up report with something of everything: what reading and checking it compiles and loads, no child does again.
WARM_UP = Path(__file__).with_name("warm_up.txt")

_data: ReaderData | None = None
_scratch: Path | None = None


def read_all(
    files: Iterable[tuple[Arrival, Path]],
    data: ReaderData,
    scratch_in: Path | None = None,
    processes: int | None = None,
) -> Iterator[tuple[Arrival, Outcome]]:
    """Read and check files in so many processes beside this one; outcomes come in the order of the files.

    Their scratch folders lie in `scratch_in`, so that what a killed run leaves there is found.
    """
    from pebble import ProcessPool

    waiting = list(files)
    if not waiting:
        return
    context = multiprocessing.get_context("spawn")
    workers = min(processes or os.cpu_count() or 1, len(waiting))
    with (
        tempfile.TemporaryDirectory(prefix="reading-", dir=scratch_in, ignore_cleanup_errors=True) as scratch,
        ProcessPool(workers, FILES_PER_WORKER, _begin, [data, Path(scratch)], context) as pool,
    ):
        for arrival, future in _ahead(pool, waiting):
            try:
                yield arrival, future.result()
            except FutureTimeout:
                yield arrival, _without("READER_TIMEOUT", "the worker itself hung")
            except Exception as error:
                # Whatever one file does to its reader is that file's outcome: the night goes on and says so.
                yield arrival, _without(FAILED, type(error).__name__)


def _ahead(pool: ProcessPool, files: Iterable[tuple[Arrival, Path]]) -> Iterator[tuple[Arrival, ProcessFuture]]:
    """Files in their order with what will become of them: some are read ahead, and forgotten when they were given."""
    begun: deque[tuple[Arrival, ProcessFuture]] = deque()
    for arrival, path in files:
        seconds = seconds_for(path) + GRACE_SECONDS
        begun.append((arrival, pool.schedule(_one, args=[arrival, path], timeout=seconds)))
        if len(begun) > FILES_AHEAD:
            yield begun.popleft()
    while begun:
        yield begun.popleft()


def seconds_for(path: Path) -> int:
    """How long a file may take: longer where its first bytes say that it may be a scan."""
    with path.open("rb") as file:
        return SCAN_SECONDS_LIMIT if file.read(8).startswith(MAYBE_SCANS) else SECONDS_LIMIT


def _begin(data: ReaderData, scratch: Path) -> None:
    """Set a worker up: what every file needs is loaded before children are split off."""
    global _data, _scratch
    for name in set(os.environ) - set(KEPT_VARIABLES):
        del os.environ[name]
    _data, _scratch = data, scratch
    limit_memory()
    _warm_up(data, scratch)


def _warm_up(data: ReaderData, scratch: Path) -> None:
    """Read a made-up report, so that rules and registers are loaded once and not again in every child."""
    for module in ("docx", "xlsx", "html", "pdf"):
        import_module(f"ingest.documents.{module}")
    division = next((one.name for one in data.directory.divisions), "")
    path = scratch / f"warm-up-{os.getpid()}.txt"
    path.write_text(WARM_UP.read_text(encoding="utf-8").format(division=division), encoding="utf-8")
    read_and_check(path, Arrival("", path.name, "", 0, datetime.now(UTC)), data)


def _one(arrival: Arrival, path: Path) -> Outcome:
    data, scratch = _data, _scratch
    if data is None or scratch is None:
        raise RuntimeError("the worker was not set up")
    began = time.perf_counter()
    document = isolated(lambda: document_of(path, arrival.sha256), seconds_for(path), scratch)
    if isinstance(document, Outcome):
        return document
    try:
        return check(document, arrival, data, began)
    except Exception as error:
        return _broken(error)


def isolated(work: Callable[[], Document | Outcome], seconds: int, scratch: Path) -> Document | Outcome:
    """Do the work in a child process with bounds; what becomes of the child is told in the outcome."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        _answer(work, seconds, folder, sender)
    sender.close()
    try:
        answer = _received(receiver, seconds)
    finally:
        status = _end(child)
        receiver.close()
        shutil.rmtree(folder, ignore_errors=True)
    return answer or _failed(status)


def _answer(work: Callable[[], Document | Outcome], seconds: int, folder: Path, sender: Connection) -> None:
    """The child's whole life. It never returns into the worker's code."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # Should the worker die first, nobody is left to end this child but the clock.
        signal.alarm(seconds + GRACE_SECONDS)
        limit_process(seconds)
        tempfile.tempdir = str(folder)
        os.environ["HOME"] = str(folder)
        try:
            answer = work()
        except Exception as error:
            answer = _broken(error)
        sender.send(answer)
        os._exit(0)
    finally:
        os._exit(1)


def _received(receiver: Connection, seconds: int) -> Document | Outcome | None:
    """The child's answer; None where it died without one."""
    if not receiver.poll(seconds):
        return _without("READER_TIMEOUT", f"more than {seconds} s")
    try:
        answer = receiver.recv()
    except (EOFError, OSError):
        return None
    return answer if isinstance(answer, Document | Outcome) else None


def _end(child: int) -> int:
    """Kill the child with all that it has started, and give the status it ended with."""
    # A child that has closed its pipe is about to end by itself: how it ended is worth a moment.
    handle = os.pidfd_open(child)
    if not select.select([handle], [], [], LAST_MOMENT_SECONDS)[0]:
        os.kill(child, signal.SIGKILL)
    os.close(handle)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _failed(status: int) -> Outcome:
    """The outcome of a child that died: of its processor time, or of whatever the file did to it."""
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return _without("READER_TIMEOUT", "more processor time than allowed")
    return _without(FAILED, signal.Signals(-code).name if code < 0 else f"exit code {code}")


def _broken(error: Exception) -> Outcome:
    return _without(FAILED, f"{type(error).__name__}: {error}"[:300])


def _without(reason_code: str, detail: str) -> Outcome:
    return Outcome(None, reason_code, detail)
