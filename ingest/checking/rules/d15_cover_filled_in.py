"""D15: the fields of the cover are filled in."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Passage, Result, judged
from ingest.checking.wording import head_of, slip


def check(case: Case) -> Iterator[Result]:
    """Fails once with the fields that are empty; never with what stands in one."""
    head = head_of(case)
    empty = list(slip("empty_field").finditer(head))
    found = "、".join(dict.fromkeys(match["field"] for match in empty))
    passages = [Passage("", match[0]) for match in empty]
    failures = [Result("fail", expected="填写完整", found=found, passages=passages)] if empty else []
    yield from judged(failures, applies=head.strip() and not case.is_form)
