"""E23: the grade is a word of the scheme in force."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import says, words


def check(case: Case) -> Iterator[Result]:
    """Fails once for each grade of the department's own result in a word that the scheme does not have."""
    scheme = [threshold.grade for threshold in case.thresholds]
    told = [match for match in re.finditer(words()["grade_word"], case.text) if _is_own(case, match)]
    yield from judged(
        (
            Result("fail", (), "、".join(scheme), match[1], passages=[case.passage(match.start(), match.end())])
            for match in told
            if words()["grade_variants"].get(match[1], match[1]) not in scheme
        ),
        applies=told and scheme,
    )


def _is_own(case: Case, match: re.Match[str]) -> bool:
    about_others = says("other_result", case.passage(match.start(), match.end()).quote)
    return match[1] not in words()["grade_placeholders"] and not about_others
