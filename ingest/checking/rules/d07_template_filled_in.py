"""D07: no gap and no instruction of the template is left in the text."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places, quoted, slip


def check(case: Case) -> Iterator[Result]:
    """Fails once with the gaps and where they stand."""
    found = list(slip("gap").finditer(case.text))
    failures = [Result("fail", expected="填写完整的内容", found=quoted(found), passages=places(case, found))]
    yield from judged(failures if found else (), applies=case.text.strip())
