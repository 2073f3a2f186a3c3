"""D03: where a report names itself, it names one department; another one is a sign of copied text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places, slip, wording


def check(case: Case) -> Iterator[Result]:
    """Fails once for each name on the cover or before the result that shares no character with the department's."""
    own = case.submission.department_name
    named = [match for name in ("cover_name", "own_result") for match in slip(name).finditer(case.text)]
    others = [match for match in named if _is_another(match["name"], case)]
    failures = (Result("fail", (), own, match["name"], passages=places(case, [match])) for match in others)
    yield from judged(failures, applies=named)


def _is_another(name: str, case: Case) -> bool:
    """Whether two names have nothing in common: a short or former name shares characters with the full one."""
    common = set(wording()["common_characters"]) | set(case.submission.division_name)
    own, other = (set(re.sub(r"\W", "", one)) - common for one in (case.submission.department_name, name))
    return bool(own) and bool(other) and not own & other
