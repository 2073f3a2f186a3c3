"""F10: a report that is handed in again says something else than before."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the version before said the same, word for word and figure for figure."""
    before = filing.before
    same = before is not None and before.content == filing.profile.content
    yield from judged([Result("fail", expected="有修改", found="内容相同")] if same else [], applies=before)
