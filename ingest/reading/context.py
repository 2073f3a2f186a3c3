"""The words around a figure, and what the words of its paragraph have set so far."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.lexer import Token
from ingest.reading.sections import SENTENCE_ENDS, Paragraph

MARKS = "，,。；;！!？?\n"
# A sentence is looked at this far to either side of a figure, so that work grows linearly with any text.
SENTENCE_REACH = 600
AFTER_REACH = 30
# The head that names of a list share is this long at least (饲养量).
SHORTEST_HEAD = 2
LEAST_NAMES = 2
# A sentence's figures are remembered up to this many, for the same reason.
MOST_REMEMBERED = 40
PART = "其中"
LABEL = re.compile(r"([\u4e00-\u9fff]{2,8}):")
# What a bracket adds to a name in a list (销售额(营业额)分别为).
ASIDE = re.compile(r"\([^()\d]{1,8}\)")
REMARK = re.compile(r"(?<=[\u4e00-\u9fff])\([\u4e00-\u9fff、]{1,8}\)(?=[\u4e00-\u9fff“])")
# A figure that opens a clause with its noun, before another figure in it (386名河长巡河1.9万次), is background.
LEADS = re.compile(r"[\u4e00-\u9fff“”]{4,40}?\d")
LEAD_REACH = 44
STARTS = "，,。；;、:\n"
LEADING_WORDS = re.compile(r"[^\d百一二三四五六七八九十两第-]*")
NOUN_ENDS = re.compile(r"[，。；;！？\n、():：,]|\d")


@dataclass(frozen=True)
class Turn:
    """Whose turn it is in a list of figures (分别为): a name, and the claim that bears it if there is one."""

    name: str = ""
    host: Claim | None = None


@dataclass(frozen=True)
class Measure:
    """What the words before an amount make of it (`money.yaml`)."""

    id: str
    kind: str
    role: str


@dataclass
class State:
    """What the words of a paragraph have set so far, from left to right. `last` is the last claim of any measure."""

    label: str = ""
    outer_label: str = ""
    announced: str = ""
    measure: Measure | None = None
    category: str = "total"
    role: str = ""
    year: int | None = None
    months: tuple[int, int] | None = None
    host: Claim | None = None
    outer_host: Claim | None = None
    score_host: Claim | None = None
    money_host: Claim | None = None
    outer_money_host: Claim | None = None
    whole_money_host: Claim | None = None
    last: Claim | None = None
    outer_last: Claim | None = None
    names: list[str] = field(default_factory=list)
    waiting: list[Turn] = field(default_factory=list)
    run: int = 1
    compared: bool = False
    sentence: list[Claim] = field(default_factory=list)

    def note_words(self, words: str) -> None:
        """What stands between two tokens: the end of a sentence forgets its role and year; a label (目标：, 完成情况：)
        holds until the next one and ends a role that verbs have set.
        """
        if any(mark in words for mark in SENTENCE_ENDS):
            self.role, self.year, self.score_host = "", None, None
        if "。" in words and not words.rpartition("。")[2].startswith(PART):
            self.sentence = []
            self.label = "" if self.label == PART else self.label
            self.money_host, self.whole_money_host = self.whole_money_host or self.money_host, None
        if PART in words and self.whole_money_host is None and self.money_host in self.sentence:
            self.whole_money_host = self.money_host
        if ")" in words:
            self.label = self.outer_label
        labels = LABEL.findall(words)
        if labels:
            self.label, self.role = labels[-1], ""
        if "(" not in words:
            self.outer_label = self.label
        if ")" in words and "(" not in words.partition(")")[0]:
            self.host = self.outer_host or self.host
            self.last = self.outer_last or self.last
            self.money_host = self.outer_money_host or self.money_host

    def note_claim(self, claim: Claim, in_bracket: bool, prior: bool) -> None:
        """Remember the claim that a rate or a change behind it will belong to; never one of an earlier year."""
        if prior or "context.condition" in claim.rule_ids:
            return
        self.sentence = [*self.sentence[-MOST_REMEMBERED:], claim]
        if claim.kind == "execution_rate":
            self._note_executed(claim)
        if claim.kind == "score":
            self.score_host = claim if claim.role == "full" else self.score_host
        if claim.kind in ("indicator", "context") or (claim.kind == "growth" and claim.host is None):
            self.host = self.last = claim
            if not in_bracket:
                self.outer_host = claim
        if claim.kind in ("budget", "expenditure", "income", "balance") and claim.role != "adjustment":
            self.money_host, self.host, self.outer_host, self.last = claim, None, None, claim
            if not in_bracket:
                self.outer_money_host = claim
        if not in_bracket:
            self.outer_last = self.last

    def _note_executed(self, rate: Claim) -> None:
        """Behind an execution rate parts (其中) and changes are of what was spent, even where the budget stood last."""
        spent = next((c for c in self.sentence if c.number == rate.host and c.kind == "expenditure"), None)
        if spent is not None:
            self.money_host, self.measure = spent, Measure("money.executed", spent.kind, spent.role)

    def _alike(self) -> list[Claim]:
        """The claims of this sentence that are of the last one's kind and role."""
        last = self.sentence[-1]
        return [claim for claim in self.sentence if (claim.kind, claim.role) == (last.kind, last.role)]

    def next_turn(self, before: str) -> Turn:
        """The name whose turn it is where a sentence lists names first and figures after (分别为); without names of its
        own such a list is about the figures listed last.
        """
        match = grammar.named("context", "respectively").search(ASIDE.sub("", before) if "(" in before else before)
        if match:
            names = grammar.named("context", "names_between").split(match[1])
            if len(names) > 1:
                self.names, self.waiting = names, [Turn(name) for name in _with_shared_head(names)]
            elif self.sentence:
                self.waiting = [Turn(claim.surface, claim) for claim in self._alike()[-self.run :]]
            else:
                self.waiting = [Turn(match[1] + name) for name in self.names]
        elif not are_listed(before):
            self.waiting = []
        return self.waiting.pop(0) if self.waiting else Turn()


def _with_shared_head(names: list[str]) -> list[str]:
    """The names of a list with the head that only the last one bears (牛、羊、禽饲养量: 牛饲养量, 羊饲养量)."""
    last = grammar.named("context", "years_compared").split(names[-1])[0]
    own = min(len(name) for name in names[1:]) if len(names) > LEAST_NAMES else len(names[0])
    head = last[own:]
    if len(head) < SHORTEST_HEAD:
        return names
    return [name if name.endswith(head[-SHORTEST_HEAD:]) else name + head for name in names[:-1]] + names[-1:]


@dataclass(frozen=True)
class Context:
    """A figure's surroundings.

    `words` are those since the last mark, `before` those since the last figure, `after` those right behind, `bracket`
    those of an open bracket, `operator` those of the figure itself (不低于). `near` are the words that name the figure:
    `words`, or the name that a list (分别为) gives it, with the operator. `listed` says that nothing but a mark parts
    the figure from the one before, `turned` that a list of names says which claim it is about.
    """

    near: str
    listed: bool
    turned: bool
    words: str
    operator: str
    before: str
    after: str
    bracket: str
    sentence: str
    sentence_before: str
    rest: str
    sentence_span: tuple[int, int]
    section: str
    outcomes: bool
    label: str
    announced: str
    leads: bool
    heading: str
    is_under_item: bool
    lead: str

    @property
    def compares_years(self) -> bool:
        """Whether the words next to the figure compare it with an earlier year (同比减少5起)."""
        return bool(grammar.named("context", "years_compared").search(self.words))

    @property
    def is_compared(self) -> bool:
        """Whether another figure is compared with this one (较预算18万元减少…)."""
        return grammar.named("context", "compared").search(self.words) is not None

    @property
    def compares(self) -> bool:
        """Whether the words before the figure compare it with something."""
        return bool(grammar.named("context", "comparison").search(self.before))


def context_of(
    text: str, paragraph: Paragraph, token: Token, previous_end: int, state: State, outcomes: bool
) -> Context:
    """The surroundings of one figure; `previous_end` is where the figure before it ends."""
    first = max(paragraph.start, token.start - SENTENCE_REACH)
    last = min(paragraph.start + len(paragraph.text), token.end + SENTENCE_REACH)
    ends = paragraph.sentence_ends
    ended, ending = bisect_left(ends, token.start), bisect_left(ends, token.end)
    begin = max(first, ends[ended - 1] + 1) if ended else first
    stop = min(last, ends[ending]) if ending < len(ends) else last
    before = text[max(begin, previous_end) : token.start]
    turn = state.next_turn(before)
    state.host = turn.host or state.host
    words, operator = since_last_mark(before), operator_words(text, token)
    words = "" if grammar.named("context", "listed_before").search(words) else words
    return Context(
        near=(turn.name or words) + operator,
        turned=turn.host is not None,
        listed=are_listed(before) and begin < previous_end,
        words=words,
        operator=operator,
        before=before + operator,
        after=_behind(text[token.end : token.end + AFTER_REACH]),
        bracket=_open_bracket(text[begin : token.start]),
        sentence=text[begin:stop],
        sentence_before=text[begin : token.start],
        rest=text[token.end : min(stop, token.end + AFTER_REACH)],
        sentence_span=(begin, stop),
        section=paragraph.section,
        outcomes=outcomes,
        label=state.label,
        announced=state.announced,
        leads=LEADS.match(text[token.end : token.end + LEAD_REACH]) is not None and text[token.start - 1] in STARTS,
        heading=paragraph.heading,
        is_under_item=paragraph.body_start > paragraph.start,
        lead=paragraph.lead,
    )


def are_listed(between: str) -> bool:
    """Whether nothing but marks of a list stands between two figures."""
    return grammar.named("context", "listed_between").fullmatch(between) is not None


def _behind(words: str) -> str:
    """The words right behind a figure up to the next mark; short remarks in brackets are left out."""
    return grammar.named("context", "connective").sub("", NOUN_ENDS.split(REMARK.sub("", words), maxsplit=1)[0])


def operator_words(text: str, token: Token) -> str:
    """The words inside a token that stand before its number (不低于), for they say as much as those before it."""
    match = LEADING_WORDS.match(text, token.start, token.end)
    return match[0] if match and match.end() < token.end else ""


def since_last_mark(words: str) -> str:
    """The words since the last mark outside brackets; a bracket that is still open begins anew. A 、 parts figures only
    where it stands right behind one: else it lists nouns of one figure.
    """
    depth = 0
    for index in range(len(words) - 1, -1, -1):
        character = words[index]
        if character == ")":
            depth += 1
        elif character == "(":
            if depth == 0:
                return words[index + 1 :].removeprefix("、")
            depth -= 1
        elif depth == 0 and (character in MARKS or character == ":"):
            return words[index + 1 :].removeprefix("、")
    return words.removeprefix(")").removeprefix("、")


def _open_bracket(words: str) -> str:
    """The words from the last bracket that is still open; empty when none is."""
    opened = words.rfind("(")
    return words[opened + 1 :] if opened > words.rfind(")") else ""
