"""F16: a report in a package is the one that the package's manifest says."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails for each of division, department and year that the manifest gives otherwise than the report."""
    said, own = filing.declared, filing.profile
    failures = []
    if said and said.division not in ("", own.division_key):
        failures.append(_differs("区划", "division", said.division, own.department_name))
    if said and said.department not in ("", own.department_name):
        failures.append(_differs("部门", "department", said.department, own.department_name))
    if said and said.fiscal_year not in (None, own.fiscal_year):
        failures.append(_differs("年度", "fiscal year", str(said.fiscal_year), str(own.fiscal_year)))
    yield from judged(failures, applies=said)


def _differs(what_zh: str, what_en: str, expected: str, found: str) -> Result:
    return Result("fail", expected=expected, found=found, words={"what": what_zh, "what_en": what_en})
