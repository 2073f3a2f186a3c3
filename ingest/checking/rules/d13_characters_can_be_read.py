"""D13: the text holds no broken characters."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places, quoted, slip


def check(case: Case) -> Iterator[Result]:
    """Fails once with the characters and where they stand."""
    found = list(slip("broken").finditer(case.text))
    failures = [Result("fail", expected="正常显示的文字", found=quoted(found), passages=places(case, found))]
    yield from judged(failures if found else (), applies=case.text.strip())
