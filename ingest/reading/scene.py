"""One figure of the narrative with everything that an interpreter may ask about it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.context import Context, State, since_last_mark
from ingest.reading.frames import Part


@dataclass(frozen=True, eq=False)
class Scene:
    """A figure's surroundings, what the words before it have set, and a draft of its claim: value and place.

    `part` is what a frame says of it; `earlier` are the claims read last, `spent` the last
    expenditure of each category; `reference` holds the reference tables.
    """

    context: Context
    state: State
    draft: Claim
    earlier: deque[Claim]
    spent: Mapping[str | None, Claim]
    reference: Path
    part: Part | None
    fiscal_year: int

    @property
    def heading(self) -> str:
        """The words of the heading that the figure stands under, without its number."""
        return self.context.heading

    @property
    def named(self) -> str:
        """The name that a list (分别为) gives the figure, or nothing."""
        own = self.context.words + self.context.operator
        return "" if self.context.near == own else self.context.near.removesuffix(self.context.operator)

    @property
    def is_future(self) -> bool:
        """Whether the figure is about a year after the report's own: a plan."""
        return self.state.year is not None and self.state.year > self.fiscal_year

    @property
    def in_finance(self) -> bool:
        """Whether the department's own money is spoken of here."""
        data = grammar.load("money")
        spoken = grammar.pattern(data["finance_words"]).search(self.context.sentence)
        return self.context.section in data["finance_sections"] or spoken is not None

    def speaks_of(self, subject: str) -> bool:
        """Whether the sentence speaks of money, or of a budget (`money.yaml`)."""
        return bool(grammar.pattern(grammar.load("money")["speaks_of"][subject]).search(self.context.sentence))

    @cached_property
    def change(self) -> grammar.Words | None:
        """The word of change that the figure stands right behind (增长5%, but not 增长到5%)."""
        if grammar.named("money", "level_nouns").search(self.context.words):
            return None
        found = _change_at_end().search(self._before_degree)
        return _changes()[found[0]] if found else None

    @property
    def words_before_change(self) -> str:
        """The words next to the figure without the word of change."""
        return _change_at_end().sub("", self._before_degree) if self.change else self._before_degree

    @cached_property
    def _before_degree(self) -> str:
        return grammar.named("money", "change_end").sub("", self.context.words)

    @cached_property
    def alias(self) -> grammar.Alias | None:
        """The indicator that the words name, of the figure's unit family."""
        return self._alias(self.draft.unit_family)

    @property
    def alias_of_any_family(self) -> grammar.Alias | None:
        """The indicator that the words name, whatever the figure's unit: a growth in percent is of an amount."""
        return self._alias(None)

    def _alias(self, family: str | None) -> grammar.Alias | None:
        """The indicator named before the figure, behind it, or around it: the name that ends last, then the longest."""
        near = since_last_mark(self.context.before)
        for text in (self.context.near, *(() if self.named else (near, near + self.context.after))):
            found = [
                (text.rfind(alias.surface) + len(alias.surface), len(alias.surface), alias)
                for alias in grammar.aliases_in(text, self.reference)
                if family is None or alias.unit_family == family
            ]
            if found:
                return max(found, key=lambda item: item[:2])[2]
        return None

    def signed(self, sign: int) -> Claim:
        """The draft with the sign that a verb carries (下降8.5% is -8.5)."""
        value = self.draft.value * sign if self.draft.value is not None else None
        base = self.draft.value_base * sign if self.draft.value_base is not None else None
        return self.draft.changed(value=value, value_base=base)


def with_changes(claim: Claim, rule: str = "", host: Claim | None = None, **changes: object) -> Claim:
    """The claim with changed fields, one more rule id, and the claim it belongs to."""
    if rule:
        changes["rule_ids"] = (*claim.rule_ids, rule)
    if host is not None:
        changes["host"] = host.number
    return claim.changed(**changes)


@cache
def _changes() -> dict[str, grammar.Words]:
    return {word: row for row in reversed(grammar.words_of("money", "changes")) for word in row.words}


@cache
def _change_at_end() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(_changes(), key=len, reverse=True)))})$")
