"""C23: a chapter in which there is always something to say says more than 无 or 略."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.contents import chapters_of, contents, sought


def check(case: Case) -> Iterator[Result]:
    """Fails once for each such chapter."""
    chapters = [one for one in chapters_of(case) if one.section in contents()["must_speak"]]
    failures = (
        Result("fail", (), f"“{one.title}”的内容", one.body, {"title": one.title}, [case.passage(one.start, one.start)])
        for one in chapters
        if sought("nothing").fullmatch(one.body)
    )
    yield from judged(failures, applies=chapters)
