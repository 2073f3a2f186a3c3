"""Puts a report into words: blocks of text in the order of its outline, and the plain-text file made of them."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Any

from samples.blocks import Block
from samples.figures import is_missed
from samples.model import Report
from samples.tell_indicators import goals, outcomes
from samples.tell_money import budget_blocks, plan_paragraph, run_paragraph
from samples.wording_data import phrases, province, random_for

HAN = "\u4e00-\u9fff"
BEFORE_NUMBER = re.compile(rf"(?<=[{HAN}])(?=\d)")
AFTER_NUMBER = re.compile(rf"(?<=[\d%])(?=[{HAN}])")
FULL_BRACKETS = str.maketrans("（）", "()")
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])(?=[{HAN}])")


def compose(report: Report, seed: int) -> list[Block]:
    """All blocks of a report, typing habits applied."""
    source = random_for(seed, report.key, "words")
    blocks = _cover(report, source)
    words = phrases()["headings"][report.voice.headings]
    blocks += [Block("heading", words["part_one"]), *_part_one(report, source, words)]
    blocks += [Block("heading", words["part_two"]), *_part_two(report, source, words)]
    return [_typed(block, report) for block in blocks]


def plain_text(report: Report, blocks: list[Block], seed: int) -> bytes:
    """The report as a text file in UTF-8 or GB18030; some have page breaks inside a sentence."""
    between = "\n\n" if report.voice.is_double_spaced else "\n"
    lines = [line for block in blocks for line in _lines(block)]
    source = random_for(seed, report.key, "breaks")
    for _ in range(report.voice.page_breaks):
        _break_page(lines, source)
    text = between.join(lines) + "\n"
    return text.encode("gb18030" if report.format == "txt-gb18030" else "utf-8")


def facts_of(report: Report) -> dict[str, Any]:
    """Names that every template may use."""
    division = report.department.division
    return {
        "department": report.department.title,
        "bureau": report.department.name,
        "division": division.short_name,
        "year": report.fiscal_year,
        "leaders": province()["governments"][division.kind]["leaders"],
        "government": province()["governments"][division.kind]["government"],
    }


def document_number(report: Report, source: Random) -> str:
    """A made-up number of a finance document."""
    form: str = source.choice(phrases()["document"])
    return form.format(year=report.fiscal_year, number=source.randint(3, 60))


def _cover(report: Report, source: Random) -> list[Block]:
    words, facts = phrases(), facts_of(report)
    title = source.choice(words["titles"])
    cover = words["covers"]
    person, telephone = source.choice(words["persons"]), source.choice(words["telephones"])
    lines = [Block("title", title.format(**facts))]
    if "{year}" not in title and source.random() < 0.85:  # the others tell their year by the date alone
        lines.append(Block("cover", cover["year_line"].format(**facts)))
    return [
        *lines,
        Block("cover", source.choice(cover["department"]).format(**facts)),
        Block("cover", source.choice(cover["person"]).format(person=person)),
        Block("cover", source.choice(cover["telephone"]).format(telephone=telephone)),
        Block("cover", source.choice(cover["date"]).format(d=report.filled_on)),
    ]


def _part_one(report: Report, source: Random, words: dict[str, Any]) -> list[Block]:
    facts = facts_of(report) | {"document": document_number(report, source)}
    return [
        Block("heading", source.choice(words["duty"])),
        *_texts(_duties(report, source)),
        Block("heading", source.choice(words["work"])),
        *_texts(_works(report, source)),
        Block("heading", source.choice(words["goals"])),
        *_texts(goals(report, source, facts)),
        Block("heading", source.choice(words["money"])),
        *budget_blocks(report, source, facts),
    ]


def _part_two(report: Report, source: Random, words: dict[str, Any]) -> list[Block]:
    conclusion = [Block("heading", source.choice(words["conclusion"])), *_texts([_conclusion(report, source)])]
    results = [Block("heading", source.choice(words["results"])), *_texts(_results(report, source))]
    is_last = report.voice.headings == "results_last"
    blocks = results + conclusion if is_last else conclusion + results
    if report.has_problems:
        blocks += [Block("heading", source.choice(words["problems"])), *_texts(_problems(report, source))]
    blocks += [Block("heading", words["other"]), *_texts([source.choice(phrases()["other"])])]
    if source.random() < 0.4:
        text = source.choice(phrases()["last_year_text"])
        blocks += [Block("heading", words["last_year"]), *_texts([text])]
    return blocks


def _topics(report: Report) -> list[str]:
    return [topic for function in report.department.functions for topic in phrases()["topics"][function]]


def _duties(report: Report, source: Random) -> list[str]:
    words, topics = phrases(), _topics(report)
    facts = facts_of(report)
    wrong = report.duty_division
    department = f"{wrong}{report.department.name}"
    facts |= {"topics": "、".join(topics), "division": wrong, "department": department}
    forms = source.sample(words["duties"], source.randint(6, 10))
    lines = [source.choice(words["duty_opening"]).format(**facts)]
    lines += [f"{n}. {form.format(topic=topics[n % len(topics)])}" for n, form in enumerate(forms, 1)]
    return [*lines, f"{len(forms) + 1}. {words['duty_last'].format(**facts)}"]


def _works(report: Report, source: Random) -> list[str]:
    words, topics = phrases(), _topics(report)
    lines = [source.choice(words["work_opening"]).format(**facts_of(report))]
    for number, form in enumerate(source.sample(words["works"], source.randint(5, 8)), 1):
        counts = {"few": source.randint(2, 9), "some": source.randint(11, 60), "many": source.randint(70, 480)}
        counts["more"] = counts["many"] + source.randint(5, 90)
        lines.append(f"{number}.{form.format(topic=topics[number % len(topics)], **counts)}")
    noise = source.choice(words["works_noise"])
    return [*lines, noise.format(document=document_number(report, source))]


def _conclusion(report: Report, source: Random) -> str:
    words, facts = phrases(), facts_of(report)
    name = "conclusions" if report.score is not None else "conclusions_without_score"
    form: str = source.choice(words[name])
    return form.format(score=_score(report.score), grade=report.grade, **facts)


def _score(score: Decimal | None) -> str:
    if score is None:
        return ""
    return str(score.normalize()) if score != score.to_integral_value() else str(int(score))


def _results(report: Report, source: Random) -> list[str]:
    parts = phrases()["result_parts"][report.voice.result_parts]
    facts = facts_of(report)
    lines = [parts["plan"], plan_paragraph(report, source, facts), parts["run"], run_paragraph(report, source, facts)]
    lines.append(phrases()["control"])
    return [*lines, parts["benefit"], *outcomes(report, source, facts)]


def _problems(report: Report, source: Random) -> list[str]:
    words = phrases()
    first, *others = words["problems"]
    said = first + source.choice(others)
    missed = _missed(report)
    if missed:
        said += words["problem_missed"].format(surfaces="、".join(missed))
    return [words["problems_head"], said, words["remedies_head"], "".join(source.sample(words["remedies"], 2))]


def _missed(report: Report) -> list[str]:
    kinds = {row.kind for row in report.planted}
    silent = {"growth"} if "missed_growth_target" in kinds else set()
    full = [row for row in report.indicators if row.timing == "full"]
    return [row.surface for row in full if is_missed(row) and row.style not in silent]


def _texts(lines: list[str]) -> list[Block]:
    return [Block("text", line) for line in lines]


def _typed(block: Block, report: Report) -> Block:
    """Spaces round numbers and half-width brackets, for those who type so."""
    text = block.text
    if block.kind == "text" and report.voice.is_spaced:
        text = AFTER_NUMBER.sub(" ", BEFORE_NUMBER.sub(" ", text))
    if block.kind == "text" and report.voice.has_half_brackets:
        text = text.translate(FULL_BRACKETS)
    return Block(block.kind, text, block.rows)


def _lines(block: Block) -> list[str]:
    return ["\t".join(row) for row in block.rows] if block.kind == "table" else [block.text]


def _break_page(lines: list[str], source: Random) -> None:
    long = [number for number, line in enumerate(lines) if len(line) > 60 and "\n" not in line and "\t" not in line]
    if not long:
        return
    number = source.choice(long)
    places = [found.start() for found in BETWEEN_HAN.finditer(lines[number]) if 20 < found.start() < 60]
    if places:
        at = source.choice(places)
        lines[number] = f"{lines[number][:at]}\n\n{lines[number][at:]}"
