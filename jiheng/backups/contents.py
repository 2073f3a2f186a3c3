"""What of an installation is backed up: its files, told apart by rules that are data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jiheng.settings import Settings

RULES = Path(__file__).with_name("rules.yaml")
# Where what lies outside of the home is kept in a backup, and is put by a restore.
OUTSIDE = "outside"


@cache
def rules() -> dict[str, Any]:
    """The rules as they stand in `rules.yaml`."""
    found: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Entry:
    """One thing of an installation: a file, a folder or a link, under its name in the backup."""

    name: str
    path: Path
    state: os.stat_result

    @property
    def is_file(self) -> bool:
        """Whether it has bytes of its own."""
        return stat.S_ISREG(self.state.st_mode)

    @property
    def is_written_once(self) -> bool:
        """Whether it can be copied while nights run."""
        return _lies_in(self.name, rules()["written_once"])

    def facts(self) -> dict[str, Any]:
        """What the list says of it, but for the digest of a file."""
        told: dict[str, Any] = {"name": self.name, "mode": stat.S_IMODE(self.state.st_mode)}
        if stat.S_ISLNK(self.state.st_mode):
            return told | {"link": str(self.path.readlink())}
        if stat.S_ISDIR(self.state.st_mode):
            return told | {"folder": True}
        return told | {"size": self.state.st_size, "mtime_ns": self.state.st_mtime_ns}


def entries_of(settings: Settings, with_secrets: bool) -> list[Entry]:
    """All that a backup of this installation holds, but for Airflow's database."""
    without = rules()["left_out"] if with_secrets else [*rules()["left_out"], *rules()["secret"]]
    found = list(_walk(settings.home, "", without))
    # Registers and the public key may lie elsewhere.
    for number, folder in enumerate(settings.registers[2:], start=1):
        if folder.is_dir() and not folder.is_relative_to(settings.home):
            found += [
                replace(one, name=f"{OUTSIDE}/registers-{number}/{one.name}") for one in _walk(folder, "", without)
            ]
    if settings.public_key and settings.public_key.is_file():
        found.append(Entry(f"{OUTSIDE}/minisign.pub", settings.public_key, settings.public_key.stat()))
    keys = {str(path) for path in (settings.signing_key, settings.signing_password_file) if path}
    return [one for one in found if with_secrets or str(one.path) not in keys]


def _walk(folder: Path, name: str, without: Iterable[str]) -> Iterator[Entry]:
    """Everything below a folder in the order of names. What vanishes meanwhile was not meant to stay."""
    try:
        children = sorted(os.scandir(folder), key=lambda child: child.name)
    except FileNotFoundError:
        return
    for child in children:
        called = f"{name}/{child.name}" if name else child.name
        if _lies_in(called, without):
            continue
        try:
            entry = Entry(called, Path(child.path), child.stat(follow_symlinks=False))
        except FileNotFoundError:
            continue
        if child.is_dir(follow_symlinks=False):
            yield entry
            yield from _walk(entry.path, called, without)
        elif child.is_symlink() or entry.is_file:
            yield entry


def _lies_in(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of the patterns or lies below one; a pattern without a folder is meant at every depth."""
    last = name.rpartition("/")[2]
    return any(
        fnmatchcase(name, pattern)
        or fnmatchcase(name, f"{pattern}/*")
        or ("*" in pattern and "/" not in pattern and fnmatchcase(last, pattern))
        for pattern in patterns
    )
