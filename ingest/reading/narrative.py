"""The interpreter: for each figure of the narrative its kind, role, subject, period and section, or "unknown".

It walks each paragraph from left to right and keeps what the words so far have set: the measure of money, the role,
the period, and the claim that a rate in brackets would belong to. Words, patterns and frames are in `grammar/`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.reading import grammar
from ingest.reading.background import read_context
from ingest.reading.claims import Claim, measured
from ingest.reading.context import Context, State, are_listed, context_of
from ingest.reading.frames import Part, parts_of
from ingest.reading.lexer import Token, period_of, tokens_of
from ingest.reading.money import read_money, read_money_rate
from ingest.reading.names import noun_of
from ingest.reading.normalise import Normalised
from ingest.reading.outcomes import read_completion, read_growth, read_indicator, read_listed, read_rank
from ingest.reading.scene import Scene, with_changes
from ingest.reading.scores import read_score
from ingest.reading.sections import Paragraph, paragraphs_of

ANNOUNCEMENT = re.compile(r"([^，。；:]{2,20}):$")
LIST_MARK = re.compile(r"\(?\d{1,2}[)）.．、]|\([一二三四五六七八九十]+\)|[①-⑳]|[一二三四五六七八九十]是|-|●|◆")
# Behind a figure its noun may follow (80宗项目开工); longer than this it is the rest of a sentence.
LONGEST_NOUN_BEHIND = 16
LONGEST_SURFACE = 30
# A figure may belong to one of this many before it: bounded, so that work grows linearly with any text.
MOST_RECENT = 150

# Each gives a claim when its words are there, else None; the first that does decides.
INTERPRETERS: tuple[Callable[[Scene], Claim | None], ...] = (
    read_score,
    read_rank,
    read_listed,
    read_money_rate,
    read_money,
    read_completion,
    read_growth,
    read_context,
    read_indicator,
)


@dataclass
class NarrativeReader:
    """Reads one normalised text. `reference` holds the tables of aliases and budget categories."""

    normalised: Normalised
    source: str
    fiscal_year: int
    reference: Path
    first_number: int = 1
    claims: list[Claim] = field(default_factory=list)
    announcement: str = ""
    recent: deque[Claim] = field(default_factory=lambda: deque(maxlen=MOST_RECENT))
    spent: dict[str | None, Claim] = field(default_factory=dict)

    def read(self) -> tuple[list[Claim], list[Token]]:
        """All claims in order, and all tokens (for the account of digits)."""
        tokens = tokens_of(self.normalised.text)
        paragraphs = paragraphs_of(self.normalised.text)
        outcome_paths = self._paths_with_outcomes(paragraphs)
        position = 0
        for paragraph in paragraphs:
            end = paragraph.start + len(paragraph.text)
            inside = []
            while position < len(tokens) and tokens[position].start < end:
                inside.append(tokens[position])
                position += 1
            if not inside:
                self._announced(paragraph)
            else:
                self._read_paragraph(paragraph, inside, _section_of(paragraph) in outcome_paths)
        return self.claims, tokens

    def _paths_with_outcomes(self, paragraphs: list[Paragraph]) -> set[str]:
        """Sections that announce targets but whose own words speak of what was done."""
        evidence = grammar.named("roles", "outcome_evidence")
        found = (p for p in paragraphs if p.section == "targets" and evidence.search(p.text))
        return {_section_of(p) for p in found}

    def _read_paragraph(self, paragraph: Paragraph, tokens: list[Token], outcomes: bool) -> None:
        state, numbers = State(announced=self._announced(paragraph)), dict[int, int]()
        tokens = _with_shared_units(self.normalised.text, tokens)
        figures = [t for t in tokens if t.kind in ("quantity", "rank") and t.start >= paragraph.body_start]
        parts = parts_of(paragraph.text, paragraph.start, figures)
        runs = _runs(self.normalised.text, figures)
        figure_end = token_end = paragraph.body_start
        for token in tokens:
            words = self.normalised.text[token_end : token.start]
            state.note_words(words)
            token_end = max(token.end, paragraph.body_start)
            if not self._is_remark(token):
                self._note_period(state, token, words)
            if token.id == "noise.heading":
                figure_end = token.end
            elif token.kind in ("quantity", "rank") and token.start >= paragraph.body_start:
                state.run = runs[token.start]
                context = context_of(self.normalised.text, paragraph, token, figure_end, state, outcomes)
                numbers[token.start] = self.first_number + len(self.claims)
                self._read_figure(paragraph, token, context, state, _numbered(parts.get(token.start), numbers))
                figure_end = token.end

    def _announced(self, paragraph: Paragraph) -> str:
        """The words that announced this list (年度目标如下:), when the paragraph is an item of one."""
        announced = self.announcement if LIST_MARK.match(paragraph.text) else ""
        ending = ANNOUNCEMENT.search(paragraph.text) if paragraph.text.endswith(":") else None
        self.announcement = ending[1] if ending else announced
        return announced

    def _is_remark(self, token: Token) -> bool:
        """Whether a year stands alone in a bracket: it dates the figure before it, not those behind."""
        text = self.normalised.text
        return (
            token.kind == "year"
            and text[token.start - 1 : token.start] == "("
            and text[token.end : token.end + 1] == ")"
        )

    def _note_period(self, state: State, token: Token, words: str) -> None:
        """A year or a part of a year holds for the figures behind it, but not one that something is compared with."""
        compared = grammar.named("roles", "year_of_comparison").search(words)
        if token.kind in ("year", "period") and token.value and not compared:
            state.year = int(token.value)
        if token.kind == "period" and token.period and 1 <= token.period[0] <= token.period[1] <= 12:
            state.months = token.period

    def _read_figure(
        self, paragraph: Paragraph, token: Token, context: Context, state: State, part: Part | None
    ) -> None:
        prior = self._is_prior(context, part)
        draft = self._draft(token, context, state, paragraph, prior)
        same = next((c for c in reversed(self.recent) if part and c.number == part.same), None)
        draft = with_changes(draft, surface=same.surface, subject=same.subject) if same else draft
        scene = Scene(context, state, draft, self.recent, self.spent, self.reference, part, self.fiscal_year)
        claim = next(filter(None, (read(scene) for read in INTERPRETERS)), None)
        claim = claim or with_changes(draft, "figure.unknown", kind="figure")
        self.claims.append(claim)
        self.recent.append(claim)
        if claim.kind == "expenditure" and not prior:
            self.spent[claim.subject] = claim
        state.compared = prior or _is_compared(context)
        state.note_claim(claim, bool(context.bracket), prior or state.compared)

    def _is_prior(self, context: Context, part: Part | None) -> bool:
        """Whether the figure is one of the year before (上年为…, 由…提高到)."""
        told = grammar.named("roles", "prior_year").search(context.words)
        return told is not None or bool(part and part.says.get("prior"))

    def _draft(self, token: Token, context: Context, state: State, paragraph: Paragraph, prior: bool) -> Claim:
        """A claim that knows its value and place but not yet what it is."""
        start, end = self._quoted(token, context)
        period = period_of(*self._period(context, state, prior))
        own = self.normalised.span(token.start, token.end)
        near = context.near.removesuffix(context.operator)
        amount = _averaged(measured(token, _speaks_of_money(context.sentence)), near)
        return Claim(
            number=self.first_number + len(self.claims),
            kind=token.kind,
            subject=None,
            surface=_surface(near, context, "" if state.host else paragraph.heading),
            role="unknown",
            span_start=start,
            span_end=end,
            figure_start=own[0],
            figure_end=own[1],
            quote=self.source[start:end],
            sentence=self.source[slice(*self.normalised.span(*context.sentence_span))],
            section_path=paragraph.section_path,
            period_start=period[0],
            period_end=period[1],
            rule_ids=(token.id,),
            **amount,
        )

    def _period(self, context: Context, state: State, prior: bool) -> tuple[int, int, int]:
        """Year, first and last month that the figure is about."""
        year = state.year if state.year and abs(state.year - self.fiscal_year) <= 5 else self.fiscal_year
        if prior and year == self.fiscal_year:
            return self.fiscal_year - 1, 1, 12
        whole = grammar.named("roles", "whole_year").search(context.before)
        months = state.months if state.months and not whole else (1, 12)
        return year, *months

    def _quoted(self, token: Token, context: Context) -> tuple[int, int]:
        """The quotation: from the words since the last mark to the noun behind, so that it can be read by itself."""
        behind = len(context.after) if len(context.after) <= LONGEST_NOUN_BEHIND else 0
        return self.normalised.span(max(token.start - len(context.words), 0), token.end + behind)


def _surface(near: str, context: Context, heading: str) -> str:
    """The figure's noun; where the words next to it hold none, that of the clause before, or the heading's."""
    noun = noun_of(near, context.after)
    if not noun:
        clauses = [clause for clause in grammar.pattern("[，,:;；(]").split(context.before) if clause]
        noun = next((found for found in map(_noun_before, reversed(clauses[:-1])) if found), "")
        noun = noun or heading
    return noun[-LONGEST_SURFACE:]


def _with_shared_units(text: str, tokens: list[Token]) -> list[Token]:
    """The tokens with the unit that figures in a row share, written behind the last of them (3.2、5.9和3.5万亩)."""
    shared = list(tokens)
    for index in range(len(shared) - 2, -1, -1):
        token, following = shared[index], shared[index + 1]
        between = text[token.end : following.start]
        alike = token.kind == following.kind == "quantity" and not token.unit
        if alike and between and are_listed(between):
            shared[index] = replace(token, unit=following.unit)
    return shared


def _runs(text: str, figures: list[Token]) -> dict[int, int]:
    """How many figures stand in a row from each figure on, with nothing but list marks between them."""
    runs: dict[int, int] = {}
    for index in range(len(figures) - 1, -1, -1):
        figure, following = figures[index], figures[index + 1] if index + 1 < len(figures) else None
        between = text[figure.end : following.start] if following else "。"
        runs[figure.start] = runs[following.start] + 1 if following and are_listed(between) else 1
    return runs


def _noun_before(clause: str) -> str:
    return noun_of(clause, "")


def _numbered(part: Part | None, numbers: dict[int, int]) -> Part | None:
    """The same part with claims' numbers for the starts of their tokens."""
    if part is None:
        return None
    return Part(
        part.id, part.says, numbers.get(part.host or -1), numbers.get(part.same if part.same is not None else -1)
    )


def _is_compared(context: Context) -> bool:
    """Whether the figure is only what another one is compared with, also where a bracket opens in between."""
    words = context.words or context.before.rstrip("(")
    return grammar.named("context", "compared").search(words) is not None


def _averaged(amount: dict[str, Any], near: str) -> dict[str, Any]:
    """An amount of one day, month or time (日均出货量900件 is 900件/日): never to be mistaken for one of the year."""
    averages = grammar.load("units")["averages"]
    each = next((unit for words, unit in averages["per"].items() if words in near), None)
    if each is None or "/" in amount["unit"] or amount["unit_family"] not in averages["families"]:
        return amount
    per = {name: f"{amount[name]}/{each}" for name in ("unit", "unit_base")}
    return amount | per | {"unit_family": "per_unit"}


def _speaks_of_money(words: str) -> bool:
    return bool(grammar.pattern(grammar.load("money")["speaks_of"]["money"]).search(words))


def _section_of(paragraph: Paragraph) -> str:
    return " > ".join(paragraph.section_path.split(" > ")[:2])
