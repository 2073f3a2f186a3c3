"""What killed runs leave behind, kept up to a measure that is data, then removed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from jiheng.files import UNFINISHED
from jiheng.settings import Settings

RULES = Path(__file__).with_suffix(".yaml")
HOUR = 3600


def clear(settings: Settings, spared: Path | None = None) -> int:
    """Remove what is over the measure; `spared` is the running run's own. Returns how many things were removed."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    before = time.time() - rules["unfinished_hours"] * HOUR
    gone = [*_empty(settings.home / "private", before), *_unfinished(settings, rules, before)]
    for place, keep in rules["keep"].items():
        gone += _newest_first(settings.home / place, spared)[keep:]
    for path in gone:
        _remove(path)
    return len(gone)


def _newest_first(place: Path, spared: Path | None) -> list[Path]:
    found = [path for path in _entries(place) if path != spared and not path.name.startswith(".")]
    return sorted(found, key=lambda path: (_touched(path), path.name), reverse=True)


def _empty(place: Path, before: float) -> list[Path]:
    """Folders whose edition has been published or held since."""
    return [path for path in _entries(place) if path.is_dir() and not any(path.iterdir()) and _touched(path) < before]


def _unfinished(settings: Settings, rules: dict[str, Any], before: float) -> Iterator[Path]:
    """Files that were being written, and links of the pointer, when their process was killed."""
    for place in rules["unfinished_in"]:
        root = settings.receipts if place == "receipts" else settings.home / place
        yield from (path for path in root.rglob(f".*{UNFINISHED}") if _touched(path) < before)
    yield from (path for path in settings.editions.glob(f".*{UNFINISHED}") if _touched(path) < before)


def _entries(place: Path) -> list[Path]:
    return list(place.iterdir()) if place.is_dir() else []


def _touched(path: Path) -> float:
    """When a thing was last changed; another run may just have removed it."""
    try:
        times = [path.lstat().st_mtime, *(child.lstat().st_mtime for child in _entries(path))]
    except OSError:
        return 0.0
    return max(times)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(FileNotFoundError):
        path.unlink()
