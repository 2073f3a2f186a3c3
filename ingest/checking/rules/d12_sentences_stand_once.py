"""D12: a long sentence without a figure stands once; twice it was most likely copied by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import MOST_SHOWN, places
from ingest.reading.sections import SENTENCE_ENDS

# Figures may well be told twice, in the chapter on money and in the one on its execution.
SENTENCE = re.compile(rf"[^{SENTENCE_ENDS}\d█]+(?=[{SENTENCE_ENDS}]|\Z)")
BEGINNING = 20


def check(case: Case) -> Iterator[Result]:
    """Fails once for each sentence of the length that stands in the text again, at most a handful of them."""
    least = int(case.parameters["sentence.repeated_from"])
    seen: dict[str, list[re.Match[str]]] = {}
    for match in SENTENCE.finditer(case.text):
        if len(match[0].strip()) >= least and case.text[match.start() - 1 : match.start()] in ("", *SENTENCE_ENDS):
            seen.setdefault(match[0].strip(), []).append(match)
    failures = [
        Result("fail", (), "出现一次", f"“{words[:BEGINNING]}……”", {"count": str(len(found))}, places(case, found))
        for words, found in seen.items()
        if len(found) > 1
    ]
    yield from judged(failures[:MOST_SHOWN], applies=seen)
