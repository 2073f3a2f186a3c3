"""The interpreter: for each figure of the narrative its kind, role, subject, period and section, or "unknown".

It walks each paragraph from left to right and keeps what the words so far have set: the measure of money, the role,
the period, and the claim that a rate in brackets would belong to. Words and patterns are in `grammar/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.reading import grammar
from ingest.reading.claims import Claim, measured
from ingest.reading.context import Context, State, context_of, operator_words, since_last_mark
from ingest.reading.lexer import Token, period_of, tokens_of
from ingest.reading.normalise import Normalised
from ingest.reading.sections import Paragraph, paragraphs_of

# Behind a figure its noun may follow (80宗项目开工); longer than this it is the rest of a sentence.
LONGEST_NOUN_BEHIND = 16
LONGEST_SURFACE = 30
NOUN_CLUTTER = re.compile(r"^[\s的了共约为有至达到]+|[\s约为有共至达到:“”]+$")

Interpreter = Callable[[Context, State, Claim], Claim | None]


@dataclass
class NarrativeReader:
    """Reads one normalised text. `reference` holds the tables of aliases and budget categories."""

    normalised: Normalised
    source: str
    fiscal_year: int
    reference: Path
    first_number: int = 1
    claims: list[Claim] = field(default_factory=list)

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
            if inside:
                self._read_paragraph(paragraph, inside, _section_of(paragraph) in outcome_paths)
        return self.claims, tokens

    def _paths_with_outcomes(self, paragraphs: list[Paragraph]) -> set[str]:
        """Sections that announce targets but whose own words speak of what was done."""
        evidence = grammar.pattern(grammar.load("roles")["outcome_evidence"])
        found = (p for p in paragraphs if p.section == "targets" and evidence.search(p.text))
        return {_section_of(p) for p in found}

    def _read_paragraph(self, paragraph: Paragraph, tokens: list[Token], outcomes: bool) -> None:
        state = State()
        figure_end = token_end = paragraph.body_start
        for token in tokens:
            state.note_words(self.normalised.text[token_end : token.start])
            token_end = max(token.end, paragraph.body_start)
            if token.kind == "year":
                state.year = int(token.value or 0)
            elif token.kind == "period" and token.period:
                state.months = token.period
            elif token.id == "noise.heading":
                figure_end = token.end
            elif token.kind in ("quantity", "rank") and token.start >= paragraph.body_start:
                self._read_figure(paragraph, token, figure_end, state, outcomes)
                figure_end = token.end

    def _read_figure(self, paragraph: Paragraph, token: Token, previous_end: int, state: State, outcomes: bool) -> None:
        context = context_of(self.normalised.text, paragraph, token, previous_end, state, outcomes)
        draft = self._draft(token, context, state, paragraph)
        claim = next(filter(None, (step(context, state, draft) for step in self._interpreters())), None)
        claim = claim or _with(draft, kind="figure", rule="figure.unknown")
        self.claims.append(claim)
        state.note_claim(claim, in_bracket=bool(context.bracket))

    def _interpreters(self) -> tuple[Interpreter, ...]:
        return (self._score, self._rank, self._money_rate, self._money, self._share, self._indicator)

    def _draft(self, token: Token, context: Context, state: State, paragraph: Paragraph) -> Claim:
        """A claim that knows its value and place but not yet what it is."""
        year = state.year if state.year and abs(state.year - self.fiscal_year) <= 1 else self.fiscal_year
        whole_year = grammar.pattern(grammar.load("roles")["whole_year"]).search(context.before)
        months = state.months if state.months and not whole_year else (1, 12)
        start, end = self._quoted(token, context)
        noun = NOUN_CLUTTER.sub("", context.near) or NOUN_CLUTTER.sub("", context.after)
        period = period_of(year, *months) if 1 <= months[0] <= months[1] <= 12 else period_of(year)
        return Claim(
            number=self.first_number + len(self.claims),
            kind=token.kind,
            subject=None,
            surface=noun[-LONGEST_SURFACE:],
            role="unknown",
            span_start=start,
            span_end=end,
            quote=self.source[start:end],
            sentence=self.source[slice(*self.normalised.span(*context.sentence_span))],
            section_path=paragraph.section_path,
            period_start=period[0],
            period_end=period[1],
            rule_ids=(token.id,),
            **measured(token, _speaks_of("money", context.sentence)),
        )

    def _quoted(self, token: Token, context: Context) -> tuple[int, int]:
        """The quotation: from the words since the last mark to the noun behind, so that it can be read by itself."""
        words = len(context.shown) - len(operator_words(self.normalised.text, token))
        behind = len(context.after) if len(context.after) <= LONGEST_NOUN_BEHIND else 0
        return self.normalised.span(max(token.start - words, 0), token.end + behind)

    # Each interpreter gives a claim when its words are there, else None; the first that does decides.

    def _score(self, context: Context, _: State, draft: Claim) -> Claim | None:
        spoken = grammar.pattern(grammar.load("grades")["sentence"])
        if draft.unit_family != "score" or not spoken.search(context.sentence):
            return None
        return _with(draft, kind="score", role="self", rule="score.self")

    def _rank(self, _: Context, state: State, draft: Claim) -> Claim | None:
        if draft.kind != "rank":
            return None
        subject = state.host.subject if state.host else None
        return _with(draft, kind="indicator_rank", role="actual", subject=subject, rule="rank", host=state.host)

    def _money_rate(self, context: Context, state: State, draft: Claim) -> Claim | None:
        """Execution rates, and growth of an amount of money."""
        if draft.unit_family != "ratio" or self._is_named_rate(context, draft):
            return None
        rate = grammar.best(grammar.words_of("money", "rates"), context.near)
        category = self._category(context.near)
        if rate and rate.id == "rate.execution":
            host = state.outer_money_host if ")" in context.before else state.money_host
            return self._execution_rate(draft, category, host, rate.id)
        previous = self.claims[-1] if self.claims else None
        change = _change(context.near)
        if category and not change and previous is not None and previous.kind == "execution_rate":
            return self._execution_rate(draft, category, None, "rate.execution_listed")
        if change and state.money_host and not state.host and not self._alias(context, draft):
            return self._changed(draft, context, state, change, "change_rate")
        return None

    def _execution_rate(self, draft: Claim, category: str | None, host: Claim | None, rule: str) -> Claim:
        """A rate is about the category its words name, else about the amount it stands behind."""
        spent = [claim for claim in self.claims if claim.kind == "expenditure"]
        if category:
            host = next((claim for claim in reversed(spent) if claim.subject == category), None)
        elif host is None or host.kind != "expenditure":
            host = spent[-1] if spent else None
        subject = category or (host.subject if host else "total")
        return _with(draft, kind="execution_rate", role="stated", subject=subject, rule=rule, host=host)

    def _is_named_rate(self, context: Context, draft: Claim) -> bool:
        """Whether 完成率 or the like is part of an indicator's own name (重点工作完成率)."""
        alias = self._alias(context, draft)
        rate = grammar.best(grammar.words_of("money", "rates"), alias.surface) if alias else None
        return rate is not None

    def _money(self, context: Context, state: State, draft: Claim) -> Claim | None:
        if draft.unit_family != "money":
            return None
        adjustment = grammar.best(grammar.words_of("money", "adjustments"), context.near)
        if adjustment and _speaks_of("budget", context.sentence):
            signed = _signed(draft, adjustment.says["sign"])
            return _with(signed, kind="budget", role="adjustment", subject="total", rule=adjustment.id)
        change = _change(context.near)
        if change and _base_of(context.before):
            return self._changed(draft, context, state, change, "change")
        measure = grammar.best(grammar.words_of("money", "measures"), context.before) or None
        category = self._category(context.near)
        if measure and (not category or measure.longest_in(context.near)[0] or not state.measure):
            state.measure = measure
        elif not category or state.measure is None or self._alias(context, draft):
            return None
        state.category = category or "total"
        measure = state.measure
        return _with(
            draft, kind=measure.says["kind"], role=measure.says["role"], subject=state.category, rule=measure.id
        )

    def _changed(self, draft: Claim, context: Context, state: State, change: grammar.Words, kind: str) -> Claim | None:
        measure = grammar.best(grammar.words_of("money", "measures"), context.near)
        host = None if measure else state.money_host
        if measure is None and host is None:
            return None
        base = _base_of(context.before) or _base_of(context.sentence.partition(draft.unit)[0])
        role = base.says["role"] if base else "vs_prior_year"
        previous = self.claims[-1] if self.claims else None
        if kind == "change_rate" and previous is not None and previous.kind == "change":
            role = previous.role
        subject = f"{host.kind}.{host.subject}" if host else f"{measure.says['kind']}.total" if measure else None
        return _with(
            _signed(draft, change.says["sign"]), kind=kind, role=role, subject=subject, rule=change.id, host=host
        )

    def _share(self, context: Context, state: State, draft: Claim) -> Claim | None:
        """Completion rates and growth of an indicator."""
        if draft.unit_family != "ratio" or self._is_named_rate(context, draft):
            return None
        rate = grammar.best(grammar.words_of("money", "rates"), context.near)
        of_target = context.near == "的" and state.host is not None and state.host.role == "target"
        if of_target or (rate and rate.id == "rate.completion"):
            host = self._actual_of(state.host)
            subject = host.subject if host else None
            return _with(
                draft, kind="completion_rate", role="stated", subject=subject, rule="rate.completion", host=host
            )
        change = _change(context.near)
        if not change:
            return None
        alias = self._alias(context, None)
        subject = alias.indicator_key if alias else (state.host.subject if state.host else None)
        role, rule = self._role(context, state, draft)
        if role == "unknown" and state.host:
            role, rule = state.host.role, "role.as_host"
        signed = _signed(draft, change.says["sign"])
        grown = _with(
            signed, kind="growth", role=role, subject=subject, rule=change.id, host=None if alias else state.host
        )
        return _with(grown, rule=rule)

    def _actual_of(self, host: Claim | None) -> Claim | None:
        """The actual a completion rate belongs to: of the same indicator when its target stands between."""
        if host is None or host.role != "target":
            return host
        same = (c for c in reversed(self.claims) if c.kind == "indicator" and c.subject == host.subject)
        return next((claim for claim in same if claim.role == "actual"), host)

    def _inherits(self, context: Context, state: State) -> bool:
        """Whether the words name no subject of their own, so that the figure is about what the last one was about."""
        pattern = grammar.pattern(grammar.load("roles")["inherits"])
        return bool(state.host and context.near and pattern.match(context.near))

    def _indicator(self, context: Context, state: State, draft: Claim) -> Claim | None:
        each = grammar.pattern(grammar.load("roles")["per_unit"]).search(context.near)
        alias = None if each else self._alias(context, draft)
        role, rule = self._role(context, state, draft)
        inherits = rule == "role.target_behind" or self._inherits(context, state)
        if alias is None and inherits and state.host and state.host.unit_family == draft.unit_family:
            return _with(
                draft, kind="indicator", role=role, subject=state.host.subject, surface=state.host.surface, rule=rule
            )
        if role == "unknown" or (alias is None and not draft.unit):
            return None
        state.role = role if role in ("target", "actual") else state.role
        subject = alias.indicator_key if alias else None
        claim = _with(draft, kind="indicator", role=role, subject=subject, rule=rule)
        return _with(claim, rule=f"alias.{alias.surface}", surface=alias.surface) if alias else claim

    def _alias(self, context: Context, draft: Claim | None) -> grammar.Alias | None:
        """The indicator that the words name: before the figure, behind it, or around it. The unit family must agree."""
        family = draft.unit_family if draft else None
        near = since_last_mark(context.before)
        for text in (near, near + context.after):
            found = [
                (text.rfind(alias.surface) + len(alias.surface), len(alias.surface), alias)
                for alias in grammar.aliases(self.reference)
                if alias.surface in text and (family is None or alias.unit_family == family)
            ]
            if found:
                return max(found, key=lambda item: item[:2])[2]
        return None

    def _category(self, words: str) -> str | None:
        row = grammar.best(grammar.categories(self.reference), words)
        return row.id if row else None

    def _role(self, context: Context, state: State, draft: Claim) -> tuple[str, str]:
        """Role and the id of the rule that gave it. Wording beats the section."""
        data = grammar.load("roles")
        texts = {
            "label": context.label,
            "after": context.after,
            "before": context.near,
            "bracket": context.bracket,
            "sentence": context.sentence,
        }
        bound = draft.operator in data["bounds_are_targets"] or draft.operator == "range"
        for row in data["roles"]:
            if row["id"] == "role.done_word" and context.section == "targets" and bound and not context.outcomes:
                return "target", "role.bound_in_targets"
            if grammar.pattern(row["pattern"]).search(texts[row["where"]]):
                return row["role"], row["id"]
        if state.role:
            return state.role, "role.carried"
        if context.section == "targets":
            return ("actual", "role.outcomes_in_targets") if context.outcomes else ("target", "role.section_targets")
        return (
            ("actual", "role.section_results")
            if context.section in ("results", "activities")
            else ("unknown", "role.unknown")
        )


def _speaks_of(subject: str, words: str) -> bool:
    """Whether the words speak of money, or of a budget."""
    return bool(grammar.pattern(grammar.load("money")["speaks_of"][subject]).search(words))


def _section_of(paragraph: Paragraph) -> str:
    return " > ".join(paragraph.section_path.split(" > ")[:2])


def _change(words: str) -> grammar.Words | None:
    return grammar.best(grammar.words_of("money", "changes"), words)


def _base_of(words: str) -> grammar.Words | None:
    return grammar.best(grammar.words_of("money", "bases"), words)


def _signed(draft: Claim, sign: int) -> Claim:
    value = draft.value * sign if draft.value is not None else None
    base = draft.value_base * sign if draft.value_base is not None else None
    return _with(draft, value=value, value_base=base)


def _with(claim: Claim, rule: str = "", host: Claim | None = None, **changes: object) -> Claim:
    if rule:
        changes["rule_ids"] = (*claim.rule_ids, rule)
    if host is not None:
        changes["host"] = host.number
    return replace(claim, **changes)  # type: ignore[arg-type]
