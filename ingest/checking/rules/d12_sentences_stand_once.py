"""D12: a long sentence without a figure stands once; twice it was most likely copied by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import MOST_SHOWN, places
from ingest.reading.remarks import PIECE

# Figures may well be told twice, in the chapter on money and in the one on its execution. A mask hides what it stands
# for.
FIGURE_OR_MASK = re.compile(r"[\d█]")
BEGINNING = 20


def check(case: Case) -> Iterator[Result]:
    """Fails once for each sentence of the length that stands in the text again, at most a handful of them."""
    least = int(case.parameters["sentence.repeated_from"])
    seen: dict[str, list[re.Match[str]]] = {}
    for match in PIECE.finditer(case.text):
        words = match[0].strip()
        if len(words) >= least and not FIGURE_OR_MASK.search(words):
            seen.setdefault(words, []).append(match)
    repeated = islice(((words, found) for words, found in seen.items() if len(found) > 1), MOST_SHOWN)
    failures = (
        Result("fail", (), "出现一次", f"“{words[:BEGINNING]}……”", {"count": str(len(found))}, places(case, found))
        for words, found in repeated
    )
    yield from judged(failures, applies=seen)
