"""D09: a word that makes no sense twice in a row stands there once."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places, quoted, slip


def check(case: Case) -> Iterator[Result]:
    """Fails once with the doubled words and where they stand."""
    found = list(slip("doubled").finditer(case.text))
    failures = [Result("fail", expected="不重复的字词", found=quoted(found), passages=places(case, found))]
    yield from judged(failures if found else (), applies=case.text.strip())
