"""C12: at least one target of the year is a figure."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.reading.claims import ORIGIN_OCR


def check(case: Case) -> Iterator[Result]:
    """Fails when no figure is a target; not applicable where none was read, and to scans."""
    if any(claim.role == "target" for claim in case.claims):
        yield PASS
    elif not case.claims or any(claim.origin == ORIGIN_OCR for claim in case.claims):
        yield NOT_APPLICABLE
    else:
        yield Result("fail", expected="至少一项量化目标值", found="未提供")
