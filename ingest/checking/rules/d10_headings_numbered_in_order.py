"""D10: headings are numbered in order, and as many follow as were announced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.soft.structure import Slip, slips_of
from ingest.checking.wording import MOST_SHOWN


def check(case: Case) -> Iterator[Result]:
    """Fails once with the slips that the observation on numbering counts, and where they stand."""
    slips = slips_of(case.text)[:MOST_SHOWN] if case.observed("numbering", "structure") else []
    found = "；".join(dict.fromkeys(_told(slip) for slip in slips))
    passages = [case.passage(slip.start, slip.end) for slip in slips]
    failures = [Result("fail", expected="序号连续、个数相符", found=found, passages=passages)] if slips else []
    yield from judged(failures, applies=not case.is_form)


def _told(slip: Slip) -> str:
    told = re.split("[，,:]", slip.told)[0]
    return f"序号“{told}”重复" if slip.counted is None else f"写的是“{told}”，实际{slip.counted}个"
