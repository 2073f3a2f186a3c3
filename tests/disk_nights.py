"""Commands on a small disk of its own, which gets full or read-only: `python -m tests.disk_nights PLACE INBOX KIND`.

Run in a mount namespace of its own (`unshare`), where it mounts a file system at PLACE; what it saw is printed as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.faults import SAMPLE, facts, load, seen_from_outside
from jiheng.files import sha256_of_file
from jiheng.settings import Settings

SIZE_MIB = 150
KIB, MIB = 1024, 1024**2
# Room that is left, so that different steps meet the end of it: archive, reading, landing; build, export.
ROOM_FOR_INTAKE = (0, 40 * KIB, 150 * KIB)
ROOM_FOR_PUBLICATION = (2 * MIB, 30 * MIB)


class Disk:
    """A mounted file system with a home on it, and the commands that are run there."""

    def __init__(self, place: Path, inbox: Path) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", str(place)], check=True)
        self.place, self.home, self.filler = place, Settings(place / "home"), place / "filler"
        self.home.home.mkdir()
        os.environ |= {"JIHENG_INBOX": str(inbox), "JIHENG_REGISTERS": str(SAMPLE / "registers")}
        os.environ |= {"JIHENG_SETTLE_SECONDS": "0", "JIHENG_HOME": str(self.home.home)}
        self.tries: list[dict[str, Any]] = []

    def leave(self, room: int) -> None:
        """Fill the disk up to so many bytes."""
        self.filler.unlink(missing_ok=True)
        free = shutil.disk_usage(self.place).free
        with self.filler.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, max(free - room, 1))

    def run(self, *arguments: str, about: Any = None) -> None:
        """Run a command of `jiheng` in a process split off this one, and note how it ended and what is seen."""
        told = self.place.parent / "told"
        child = os.fork()
        if child == 0:
            _be(arguments, told)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seen = {"code": code, "told": told.read_text(errors="replace"), "whole": seen_from_outside(self.home)}
        current = self.home.editions / "current"
        standing = current.readlink().name if current.is_symlink() else None
        self.tries.append({"command": arguments[0], "about": about, **seen, "standing": standing})

    def files(self) -> dict[str, str]:
        """Every file of the home by its hash."""
        found = (path for path in self.home.home.rglob("*") if path.is_file() and not path.is_symlink())
        return {str(path.relative_to(self.home.home)): sha256_of_file(path) for path in found}


def _be(arguments: tuple[str, ...], told: Path) -> None:
    """Be that command: never returns."""
    from jiheng import cli

    sys.argv = ["jiheng", *arguments]
    with told.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    try:
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 99
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def full(disk: Disk) -> dict[str, Any]:
    """A disk that is full at one step after another, and then is given room."""
    disk.leave(0)
    disk.run("nightly", about=0)
    for room in ROOM_FOR_INTAKE:
        disk.leave(room)
        disk.run("intake", about=room)
    disk.filler.unlink()
    disk.run("intake")
    for room in ROOM_FOR_PUBLICATION:
        disk.leave(room)
        disk.run("publish", about=room)
    disk.filler.unlink()
    disk.run("publish")
    return {"tries": disk.tries, "facts": _facts(disk.home), "steps": _failed_steps(disk.home)}


def read_only(disk: Disk) -> dict[str, Any]:
    """A disk that becomes read-only after an intake."""
    disk.run("intake")
    before = disk.files()
    subprocess.run(["mount", "-o", "remount,ro", str(disk.place)], check=True)
    for command in ("nightly", "intake", "publish"):
        disk.run(command, about="read-only")
    changed = before != disk.files()
    subprocess.run(["mount", "-o", "remount,rw", str(disk.place)], check=True)
    disk.run("intake")
    return {"tries": disk.tries, "changed": changed}


def undisturbed(disk: Disk) -> dict[str, Any]:
    """A disk with room enough."""
    disk.run("intake")
    disk.run("publish")
    return {"tries": disk.tries, "facts": _facts(disk.home)}


def _facts(settings: Settings) -> dict[str, list[Any]] | None:
    return facts(settings) if (settings.editions / "current").is_symlink() else None


def _failed_steps(settings: Settings) -> list[str]:
    lines = [line for path in sorted(settings.home.glob("runs/*.jsonl")) for line in path.read_text().splitlines()]
    return [event["step"] for event in map(json.loads, lines) if event["event"] == "failed"]


if __name__ == "__main__":
    load()
    result = {"full": full, "read_only": read_only, "undisturbed": undisturbed}[sys.argv[3]](
        Disk(Path(sys.argv[1]), Path(sys.argv[2]))
    )
    json.dump(result, sys.stdout, ensure_ascii=False, default=str)
