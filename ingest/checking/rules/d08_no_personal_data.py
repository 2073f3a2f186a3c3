"""D08: no telephone numbers, identity cards or addresses of people stand in the text; reports are published."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import wording


def check(case: Case) -> Iterator[Result]:
    """Fails once with how many of which kind, never with the data; labelled fields of the cover are no such data."""
    kinds = wording()["personal"]
    found = "、".join(f"{kinds[name]}{count}处" for name, count in sorted(case.personal_data.items()))
    yield from judged(
        [Result("fail", expected="正文不含个人信息", found=found)] if found else (), applies=case.text.strip()
    )
