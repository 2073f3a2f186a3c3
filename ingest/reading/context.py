"""The words around a figure, and what the words of its paragraph have set so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.lexer import Token
from ingest.reading.sections import Paragraph

MARKS = "，,。；;！!？?、\n"
SENTENCE_ENDS = "。；;！!？?\n"
# A sentence is looked at this far to either side of a figure, so that work grows linearly with any text.
SENTENCE_REACH = 600
AFTER_REACH = 30
LABEL = re.compile(r"([\u4e00-\u9fff]{2,8}):")
RESPECTIVELY = re.compile(r"([^，,。；;：:()]*?)分别(?:为|是|达到|完成|达)?[^\d]{0,6}$")
LIST_OF_NAMES = re.compile(r"[、和及与]")
BETWEEN_LISTED = re.compile(r"[、，,和及与]*")
LEADING_WORDS = re.compile(r"[^\d百第-]*")
NOUN_ENDS = re.compile(r"[，。；;！？\n、()]|\d")


@dataclass
class State:
    """What the words of a paragraph have set so far, from left to right."""

    label: str = ""
    measure: grammar.Words | None = None
    category: str = "total"
    role: str = ""
    year: int | None = None
    months: tuple[int, int] | None = None
    host: Claim | None = None
    money_host: Claim | None = None
    outer_money_host: Claim | None = None
    names: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def note_words(self, words: str) -> None:
        """What stands between two tokens: the end of a sentence forgets its role and year; a label (目标：, 完成情况：)
        holds until the next one and ends a role that verbs have set.
        """
        if any(mark in words for mark in SENTENCE_ENDS):
            self.role, self.year = "", None
        labels = LABEL.findall(words)
        if labels:
            self.label, self.role = labels[-1], ""

    def note_claim(self, claim: Claim, in_bracket: bool) -> None:
        """Remember the claim that a rate or a change behind it will belong to."""
        if claim.kind == "indicator" or (claim.kind == "growth" and claim.host is None):
            self.host = claim
        if claim.kind in ("budget", "expenditure", "income") and claim.role != "adjustment":
            self.money_host, self.host = claim, None
            if not in_bracket:
                self.outer_money_host = claim

    def next_name(self, before: str) -> str:
        """The name whose turn it is where a sentence lists names first and figures after (分别为)."""
        match = RESPECTIVELY.search(before)
        if match:
            listed = LIST_OF_NAMES.split(match[1])
            prefix = "" if len(listed) > 1 else match[1]
            self.names = listed if len(listed) > 1 else self.names
            self.waiting = [prefix + name for name in self.names]
        elif not BETWEEN_LISTED.fullmatch(before):
            self.waiting = []
        return self.waiting.pop(0) if self.waiting else ""


@dataclass(frozen=True)
class Context:
    """A figure's surroundings.

    `near` are the words since the last mark, or the name that a list (分别为) gives it; `shown` are those words as they
    stand; `before` those since the last figure; `after` those right behind; `bracket` those of an open bracket.
    """

    near: str
    shown: str
    before: str
    after: str
    bracket: str
    sentence: str
    sentence_span: tuple[int, int]
    section: str
    outcomes: bool
    label: str


def context_of(
    text: str, paragraph: Paragraph, token: Token, previous_end: int, state: State, outcomes: bool
) -> Context:
    """The surroundings of one figure; `previous_end` is where the figure before it ends."""
    first = max(paragraph.start, token.start - SENTENCE_REACH)
    last = min(paragraph.start + len(paragraph.text), token.end + SENTENCE_REACH)
    begin = max(first, *(text.rfind(end, first, token.start) + 1 for end in SENTENCE_ENDS))
    stop = min((i for i in (text.find(end, token.end, last) for end in SENTENCE_ENDS) if i >= 0), default=last)
    before = text[max(begin, previous_end) : token.start]
    operator = operator_words(text, token)
    return Context(
        near=(state.next_name(before) or since_last_mark(before)) + operator,
        shown=since_last_mark(before) + operator,
        before=before + operator,
        after=NOUN_ENDS.split(text[token.end : token.end + AFTER_REACH], maxsplit=1)[0],
        bracket=_open_bracket(text[begin : token.start]),
        sentence=text[begin:stop],
        sentence_span=(begin, stop),
        section=paragraph.section,
        outcomes=outcomes,
        label=state.label,
    )


def operator_words(text: str, token: Token) -> str:
    """The words inside a token that stand before its number (不低于), for they say as much as those before it."""
    match = LEADING_WORDS.match(text, token.start, token.end)
    return match[0] if match else ""


def since_last_mark(words: str) -> str:
    """The words since the last mark outside brackets; a bracket that is still open begins anew."""
    depth = 0
    for index in range(len(words) - 1, -1, -1):
        character = words[index]
        if character == ")":
            depth += 1
        elif character == "(":
            if depth == 0:
                return words[index + 1 :]
            depth -= 1
        elif depth == 0 and (character in MARKS or character == ":"):
            return words[index + 1 :]
    return words.removeprefix(")")


def _open_bracket(words: str) -> str:
    """The words from the last bracket that is still open; empty when none is."""
    opened = words.rfind("(")
    return words[opened + 1 :] if opened > words.rfind(")") else ""
