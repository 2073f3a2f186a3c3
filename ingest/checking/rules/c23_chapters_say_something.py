"""C23: a chapter that every report needs says more than 无 or 略."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.contents import chapters_of, contents, is_running_text, sought


def check(case: Case) -> Iterator[Result]:
    """Fails once for each such chapter; those that may be empty, or have a rule of their own, are not looked at."""
    chapters = [one for one in chapters_of(case) if one.section not in contents()["may_say_nothing"]]
    failures = (
        Result("fail", (), f"“{one.title}”的内容", one.body, {"title": one.title}, [case.passage(one.start, one.start)])
        for one in chapters
        if sought("nothing").fullmatch(one.body)
    )
    yield from judged(failures, applies=chapters if is_running_text(case) else [])
