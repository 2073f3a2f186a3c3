"""C03: a narrative report describes problems. A score form has no place for them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails when a narrative names no problem at all."""
    if case.is_form:
        yield NOT_APPLICABLE
    elif any(statement.kind == "problem" for statement in case.statements):
        yield PASS
    else:
        yield Result("fail", expected="存在问题及改进意见", found="未提供")
