"""The memory that a process takes together with all that come from it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


class Memory(threading.Thread):
    """Sums up, once a second, what a process and its descendants take (proportional set size), in MiB."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.seen = root, [0.0]
        self.looked: list[datetime] = [datetime.now(UTC)]
        self.ended = threading.Event()

    def run(self) -> None:
        """Look until told to end."""
        while not self.ended.wait(1):
            self.seen.append(sum(_pss_mib(pid) for pid in _processes(self.root)))
            self.looked.append(datetime.now(UTC))

    def most_between(self, began: datetime, ended: datetime) -> float:
        """The most that was taken between two moments; nothing where no look fell between them."""
        seen = zip(list(self.looked), self.seen, strict=False)
        return max((taken for at, taken in seen if began <= at <= ended), default=0.0)


def _processes(root: int) -> Iterator[int]:
    """A process and all that come from it."""
    yield root
    with suppress(OSError):
        for thread in Path(f"/proc/{root}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _processes(int(child))


def _pss_mib(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
