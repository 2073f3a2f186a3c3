"""What a province sets for its bulletin: red head, number, who signs, and how much of each list is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publish.data import Row


@dataclass(frozen=True)
class Style:
    """What is set; nothing that is not set is printed, and nothing is made up.

    `show_first` and `show_last` are N of "the first N and the last N" of each league; None for both shows all.
    """

    red_head: str = ""
    number: str = ""
    signature: str = ""
    show_first: int | None = None
    show_last: int | None = None

    @property
    def is_subset(self) -> bool:
        """Whether only the ends of each league are published."""
        return self.show_first is not None or self.show_last is not None

    def chosen(self, ranked: Sequence[Row]) -> list[Row]:
        """Those of one league, in order of rank, whose ranks and scores the bulletin may show.

        Whoever ties with the last one inside is inside: a list that ends between equals would put one before the other.
        """
        if not self.is_subset:
            return list(ranked)
        first, last = self.show_first or 0, self.show_last or 0
        if first + last >= len(ranked):
            return list(ranked)
        upper = ranked[first - 1]["rank"] if first else 0
        lower = ranked[-last]["rank"] if last else ranked[-1]["rank"] + 1
        return [row for row in ranked if row["rank"] <= upper or row["rank"] >= lower]

    def in_words(self) -> str:
        """前20名和后20名."""
        ends = [f"{word}{number}名" for word, number in (("前", self.show_first), ("后", self.show_last)) if number]
        return "和".join(ends)


EVERYTHING = Style()
