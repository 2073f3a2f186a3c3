"""D11: the register of the division names the department that reports."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails when there is a register and it does not name the department."""
    if case.is_registered is None:
        yield NOT_APPLICABLE
    elif case.is_registered:
        yield PASS
    else:
        yield Result("fail", expected="报送名录中的部门", found=case.submission.department_name)
