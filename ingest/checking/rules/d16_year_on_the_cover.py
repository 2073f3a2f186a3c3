"""D16: title or cover says which year the report is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Passage, Result
from ingest.checking.wording import head_of, slip
from ingest.reading import grammar


def check(case: Case) -> Iterator[Result]:
    """Fails when there is a title, and neither it nor the cover names a year (the date of filling in is none)."""
    head = head_of(case)
    title = re.search(grammar.load("identity")["title"], head)
    if title is None or case.is_form:
        yield NOT_APPLICABLE
    elif slip("title_year").search(re.sub(grammar.load("identity")["filled_on"], "", head)):
        yield PASS
    else:
        year = f"{case.submission.fiscal_year}年度"
        yield Result("fail", expected=year, found="未写年度", passages=[Passage("", title[0])])
