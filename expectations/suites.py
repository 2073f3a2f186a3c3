"""The expectations as people write them: one file a subject in `suites/`, with what each is for and who answers for it.

A file's head gives its subject and what its expectations share; each expectation may say otherwise for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SUITES = Path(__file__).with_name("suites")
OWNERS = Path(__file__).with_name("owners.yaml")
# The kind of what no query answers: the program finds it elsewhere and brings the result along.
ELSEWHERE = "elsewhere"
SHARED = ("owner", "table", "release_zh", "release_en", "waivable", "needs", "if_present")


@dataclass(frozen=True)
class Expectation:
    """One row of a suite. `release` says what would let the edition go out again, to whoever answers for it.

    `needs` names what must be so of the night (a last edition is there, the program is the same); `if_present` lists
    tables and columns (`table` or `table.column`) that an edition of an older program may lack: then it is passed over.
    """

    id: str
    suite: str
    suite_zh: str
    suite_en: str
    severity: str
    owner: str
    kind: str
    reason: str
    message_zh: str
    message_en: str
    release_zh: str
    release_en: str
    arguments: dict[str, Any]
    table: str | None = None
    waivable: bool = False
    needs: tuple[str, ...] = ()
    if_present: tuple[str, ...] = ()


@cache
def definitions() -> tuple[Expectation, ...]:
    """Every expectation of every suite, in the order of their ids within their suites."""
    found = [one for path in sorted(SUITES.glob("*.yaml")) for one in _suite(path)]
    return tuple(sorted(found, key=lambda one: (one.suite, one.id)))


def definition(expectation_id: str) -> Expectation:
    """The expectation of that id. Raises `KeyError` for one that is not defined."""
    by_id = {one.id: one for one in definitions()}
    return by_id[expectation_id]


@cache
def owners() -> dict[str, str]:
    """English words for each role that answers for expectations."""
    return dict(yaml.safe_load(OWNERS.read_text(encoding="utf-8")))


def _suite(path: Path) -> list[Expectation]:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    head = {name: written[name] for name in SHARED if name in written}
    named = {"suite": path.stem, "suite_zh": written["name_zh"], "suite_en": written["name_en"]}
    return [_expectation({**head, **named, **row}) for row in written["expectations"]]


def _expectation(row: dict[str, Any]) -> Expectation:
    query = row.pop("query", None)
    arguments = row.pop("arguments", {}) | ({"query": query} if query else {})
    row.setdefault("kind", "UnexpectedRowsExpectation")
    listed = {name: tuple(row.get(name, ())) for name in ("needs", "if_present")}
    return Expectation(**row | listed | {"arguments": arguments})
