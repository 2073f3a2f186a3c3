"""Which measure of a report answers which of its problems."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading import grammar
from ingest.reading.remarks import Remark

Numbered = tuple[int, Remark]


def answers_of(remarks: Sequence[Remark]) -> dict[int, int]:
    """The number of the measure for the number of each answered problem; remarks are numbered from 1.

    A measure in the same numbered item answers first; then measures of the same topic, in order, the last one also for
    the problems that are left; then, where problems and measures are as many, the one at the same place if no topic
    has taken it. A problem that none of these reaches has no answer.
    """
    numbered = list(enumerate(remarks, start=1))
    problems = [one for one in numbered if one[1].kind == "problem"]
    measures = [one for one in numbered if one[1].kind == "measure"]
    answered = _in_the_same_item(problems, measures)
    for topic in dict.fromkeys(remark.topics[0] for _, remark in problems):
        answered = _of_topic(topic, problems, measures) | answered
    return _at_the_same_place(problems, measures, answered) | answered


def _in_the_same_item(problems: Sequence[Numbered], measures: Sequence[Numbered]) -> dict[int, int]:
    by_item = {remark.item: number for number, remark in reversed(measures) if remark.item is not None}
    return {number: by_item[remark.item] for number, remark in problems if remark.item in by_item}


def _of_topic(topic: str, problems: Sequence[Numbered], measures: Sequence[Numbered]) -> dict[int, int]:
    if topic == grammar.load("statements")["other_topic"]:
        return {}
    asking = [number for number, remark in problems if remark.topics[0] == topic]
    answering = [number for number, remark in measures if remark.topics[0] == topic]
    answering = answering or [number for number, remark in measures if topic in remark.topics]
    return {number: answering[min(place, len(answering) - 1)] for place, number in enumerate(asking) if answering}


def _at_the_same_place(
    problems: Sequence[Numbered], measures: Sequence[Numbered], answered: dict[int, int]
) -> dict[int, int]:
    if len(problems) != len(measures):
        return {}
    pairs = zip((number for number, _ in problems), (number for number, _ in measures), strict=True)
    taken = set(answered.values())
    return {problem: measure for problem, measure in pairs if problem not in answered and measure not in taken}
