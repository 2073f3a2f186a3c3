"""The wording and the lists behind the province: data files of `samples/wording`, read once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

import yaml

FOLDER = Path(__file__).parent / "wording"


@cache
def phrases() -> dict[str, Any]:
    """Families of wording."""
    return _yaml("phrases.yaml")


@cache
def province() -> dict[str, Any]:
    """Names, calendar and shares of the made-up province."""
    return _yaml("province.yaml")


def mix(name: str) -> dict[str, Any]:
    """What a province is mixed of. Raises ValueError for a name that `mixes.yaml` has not."""
    known = _mixes()
    if name not in known:
        raise ValueError(f"the mix {name!r} is none of {', '.join(known)}")
    return cast(dict[str, Any], known[name])


@cache
def _mixes() -> dict[str, Any]:
    return _yaml("mixes.yaml")


@cache
def bureaus() -> list[dict[str, str]]:
    """Bureau names with their functions and the range of their budgets."""
    return _csv("bureaus.csv")


@cache
def indicators() -> list[dict[str, str]]:
    """Indicators by function; those without a key are unknown to the alias table on purpose."""
    return _csv("indicators.csv")


def random_for(seed: int, *parts: object) -> Random:
    """A random source that depends only on the seed and what it is for."""
    # Chance for made-up reports; nothing here guards a secret.
    return Random("/".join(str(part) for part in (seed, *parts)))  # noqa: S311


def _yaml(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is several times faster
    loaded: dict[str, Any] = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return loaded


def _csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
