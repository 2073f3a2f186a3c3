"""F06: a report is written by its department; most sentences of another department's report in it are copied."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Result, judged, percent
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails with the report of another department that shares most sentences, names and set phrases aside."""
    least, most = filing.parameters["copy.sentences_least"], filing.parameters["copy.share_most"]
    others = [copy for copy in filing.copies if copy.other.department_key != filing.profile.department_key]
    copy = next(iter(others), None)
    failures = []
    if copy and copy.distinct >= least and Decimal(copy.shared) / copy.distinct > most:
        found = f"{copy.shared}/{copy.distinct}"
        words = {"other": copy.other.department_name, "year": str(copy.other.fiscal_year)}
        failures = [Result("fail", expected="≤ " + percent(most), found=found, words=words)]
    yield from judged(failures, applies=others)
