"""D18: the date of filling in is a day of the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places
from ingest.reading import grammar


def check(case: Case) -> Iterator[Result]:
    """Fails when what is written behind the label is no day that exists."""
    written = list(re.finditer(grammar.load("identity")["filled_on"], case.text))
    failures = (
        Result("fail", (), "实际存在的日期", f"{match[1]}年{match[2]}月{match[3]}日", passages=places(case, [match]))
        for match in written
        if not _exists(match)
    )
    yield from judged(failures, applies=written)


def _exists(match: re.Match[str]) -> bool:
    try:
        return bool(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return False
