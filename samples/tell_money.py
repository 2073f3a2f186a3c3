"""Puts budgets and spending into words or into a table."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from samples.blocks import Block
from samples.figures import percent
from samples.model import Report
from samples.wording_data import phrases


def money(report: Report, value: Decimal, is_slipped: bool = False) -> str:
    """An amount given in ten thousand yuan as this report writes amounts."""
    style = report.voice.money_style
    if style == "yuan":
        return f"{value * 10000:,.2f}元"
    if style == "wan_thousands":
        return f"{value:,.2f}万元"
    return f"{value:.2f}{'元' if is_slipped else '万元'}"


def budget_blocks(report: Report, source: Random, facts: dict[str, Any]) -> list[Block]:
    """The account of budget, adjustment and spending."""
    words = phrases()["budget"][report.voice.budget]
    if report.voice.budget == "table":
        lead = Block("text", words["lead"].format(**facts))
        return [lead, Block("table", rows=_table(report, words["head"])), *_after(report, source)]
    change = _change(report, source, facts)
    lines = [words["initial"].format(**facts, **_told(report, "initial"))]
    if report.has_adjusted:
        lines.append(words["adjusted"].format(change=change, **facts, **_told(report, "adjusted")))
    spent = words["spent" if report.has_adjusted else "spent_bare"]
    lines.append(spent.format(**facts, **_told(report, "spent")))
    return [*(Block("text", line) for line in lines), *_after(report, source)]


def plan_paragraph(report: Report, source: Random, facts: dict[str, Any]) -> str:
    """What the results section says about the initial budget."""
    form: str = source.choice(phrases()["plan_paragraph"])
    return form.format(initial=money(report, report.money.initial["total"]), **facts)


def run_paragraph(report: Report, source: Random, facts: dict[str, Any]) -> str:
    """What the results section says about spending, with the change on last year where it is told."""
    words = phrases()
    spent = money(report, report.money.spent["total"])
    if report.has_adjusted:
        rate = f"{report.money.rates['total']}%"
        return str(source.choice(words["run_paragraph"])).format(spent=spent, rate=rate, **facts)
    return str(words["run_bare"]).format(spent=spent, **facts)


def _after(report: Report, source: Random) -> list[Block]:
    words, told = phrases(), report.money
    lines = []
    if source.random() < 0.35:
        office = told.spent["basic"] - told.personnel
        people = {"personnel": money(report, told.personnel), "public_funds": money(report, office)}
        lines.append(words["personnel"].format(**people))
    if told.prior_spent is not None:
        delta = told.spent["total"] - told.prior_spent
        form = words["prior_year"]["more" if delta > 0 else "less"]
        rate = percent(abs(delta), told.prior_spent)
        lines.append(form.format(delta=money(report, abs(delta)), rate=f"{rate}%"))
    return [Block("text", line) for line in lines]


def _change(report: Report, source: Random, facts: dict[str, Any]) -> str:
    told = report.money
    kind = ("both" if told.cut else "add") if told.added else ("cut" if told.cut else "none")
    amounts = {"added": money(report, told.added), "cut": money(report, told.cut)}
    return str(source.choice(phrases()["adjustments"][kind])).format(**amounts, **facts)


def _told(report: Report, stage: str) -> dict[str, str]:
    """All the forms in which a template may want the parts of one stage."""
    words = phrases()
    names, figures, rates = words["categories"], getattr(report.money, stage), report.money.rates
    rows = []
    for part in report.money.parts:
        is_slipped = stage == "spent" and part == report.slipped_category
        rows.append((names[part], money(report, figures[part], is_slipped), f"{rates[part]}%"))
    forms = words["sentence_forms"]
    rated = "".join(forms["rated"].format(name=n, value=v, rate=r) for n, v, r in rows)
    return {
        "total": money(report, figures["total"]),
        "rate": f"{rates['total']}%",
        "pairs": "、".join(f"{n}{v}" for n, v, _ in rows),
        "names": "、".join(n for n, _, _ in rows),
        "values": "、".join(v for _, v, _ in rows),
        "rates": "、".join(r for _, _, r in rows),
        "rated": "；".join(f"{n}{v}，执行率{r}" for n, v, r in rows),
        "named_rates": "、".join(f"{n}执行率{r}" for n, _, r in rows),
        "rated_sentences": rated,
        f"{stage}_sentences": "".join(forms[stage].format(name=n, value=v) for n, v, _ in rows),
    }


def _table(report: Report, head: list[str]) -> tuple[tuple[str, ...], ...]:
    told, names = report.money, phrases()["categories"]
    rows = [tuple(head)]
    for part in [*told.parts, "total"]:
        adjusted = (f"{told.adjusted[part]:.2f}", f"{told.rates[part]}%") if report.has_adjusted else ("", "")
        spent = f"{told.spent[part]:.2f}" + ("元" if part == report.slipped_category else "")
        rows.append((names[part], f"{told.initial[part]:.2f}", adjusted[0], spent, adjusted[1]))
    return tuple(rows)
