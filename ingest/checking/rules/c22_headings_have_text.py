"""C22: under every heading of a chapter stands something."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.contents import chapters_of, is_running_text


def check(case: Case) -> Iterator[Result]:
    """Fails once for each heading with nothing under it; in a report with a form that may be the form's place."""
    chapters = chapters_of(case) if is_running_text(case) else []
    failures = (
        Result("fail", expected=f"“{one.title}”的内容", found="空白", passages=[case.passage(one.start, one.start)])
        for one in chapters
        if not one.body
    )
    yield from judged(failures, applies=chapters)
