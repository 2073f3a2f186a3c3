"""D02: title and result of a report name its own fiscal year; another one is a sign of last year's text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Passage, Result, judged
from ingest.checking.wording import head_of, results_of, slip, unspaced
from ingest.reading import grammar


def check(case: Case) -> Iterator[Result]:
    """Fails once for each title, and each sentence with score or grade, that names another year and not this one."""
    results = results_of(case)
    year = f"{case.submission.fiscal_year}年度"
    titles = [Result("fail", (), year, found, passages=[Passage("", line)]) for line, found in _titles(case)]
    stated = (
        Result("fail", (claim,), year, found)
        for claim in results
        for found in _others(slip("result_of_year"), unspaced(claim.sentence), case)
    )
    yield from judged([*titles, *stated], applies=results or list(_own_titles(case)))


def _titles(case: Case) -> Iterator[tuple[str, str]]:
    for line in _own_titles(case):
        for found in _others(slip("title_year"), line, case):
            yield line, found


def _own_titles(case: Case) -> Iterator[str]:
    rules = grammar.load("identity")
    for line in head_of(case).split("\n"):
        if re.fullmatch(rules["title"], line) and not slip("other_document").search(line):
            yield line


def _others(pattern: re.Pattern[str], text: str, case: Case) -> list[str]:
    """Other years that stand where the report's own should. A later one without 度 is the year in which it is done."""
    own = case.submission.fiscal_year
    if str(own) in text or slip("compared").search(text):
        return []
    found = [match for match in pattern.finditer(text) if int(match[1]) < own or match[2]]
    return [match[0] for match in found[:1]]
