"""The account of digits: every digit of a report is claimed, known noise of a named class, or listed as unclaimed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

CLAIMED, UNCLAIMED = "claimed", "unclaimed"
# An example shows this many characters to either side of its digits, and a class at most this many examples.
AROUND = 8
MOST_EXAMPLES = 5
DIGIT = re.compile("[0-9]")


@dataclass(frozen=True)
class Coverage:
    """How many digits a text has, and what became of them: `classes` gives each digit's class by its code point."""

    classes: Mapping[int, str]

    @property
    def digits(self) -> int:
        """All ASCII digits of the text."""
        return len(self.classes)

    @property
    def by_class(self) -> Counter[str]:
        """How many digits each class explains; `claimed` and `unclaimed` are classes of their own."""
        return Counter(self.classes.values())

    @property
    def unclaimed(self) -> tuple[int, ...]:
        """Code points of the digits that nothing explains."""
        return tuple(offset for offset, name in self.classes.items() if name == UNCLAIMED)

    def examples(self, text: str, name: str) -> list[str]:
        """The first stretches of the text whose digits are of a class, with a few characters around them."""
        found = []
        for start, end in _runs(offset for offset, known in self.classes.items() if known == name):
            found.append(" ".join(text[max(start - AROUND, 0) : end + AROUND].split()))
            if len(found) == MOST_EXAMPLES:
                break
        return found


def coverage_of(text: str, claimed: Iterable[tuple[int, int]], noise: Iterable[tuple[int, int, str]]) -> Coverage:
    """Account for each ASCII digit of `text`, given spans of claims and of noise with its class (claims come first)."""
    classes = dict.fromkeys((match.start() for match in DIGIT.finditer(text)), UNCLAIMED)
    for start, end in claimed:
        classes |= {offset: CLAIMED for offset in range(start, end) if offset in classes}
    for start, end, name in noise:
        classes |= {offset: name for offset in range(start, end) if classes.get(offset) == UNCLAIMED}
    return Coverage(classes)


def _runs(offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Stretches of offsets that follow one another, as spans."""
    for _, group in groupby(enumerate(offsets), key=lambda pair: pair[1] - pair[0]):
        run = [offset for _, offset in group]
        yield run[0], run[-1] + 1
