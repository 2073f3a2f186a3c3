"""C13: at least one outcome of the year is a figure."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.reading.claims import ORIGIN_OCR

# Forecasts are told by another rule.
OUTCOMES = ("actual", "forecast", "component")


def check(case: Case) -> Iterator[Result]:
    """Fails when no figure is an outcome; not applicable where none was read, and to scans."""
    of_work = [claim for claim in case.claims if claim.kind in ("indicator", "growth", "indicator_rank")]
    if case.of_kind("completion_rate") or any(claim.role in OUTCOMES for claim in of_work):
        yield PASS
    elif not case.claims or any(claim.origin == ORIGIN_OCR for claim in case.claims):
        yield NOT_APPLICABLE
    else:
        yield Result("fail", expected="至少一项量化完成值", found="未提供")
