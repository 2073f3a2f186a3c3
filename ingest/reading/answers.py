"""Which measure of a report answers which of its problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.reading import grammar
from ingest.reading.remarks import Remark

Numbered = tuple[int, Remark]


def answers_of(remarks: Sequence[Remark]) -> dict[int, int]:
    """The number of the measure for the number of each answered problem; remarks are numbered from 1.

    A measure in the same numbered item answers first; then the measures that name the problem's main topic (or its
    next ones) soonest, in order, the last one also for the problems that are left; then, where the sections of
    problems and measures hold as many of each, the one at the same place if no other problem there has taken it.
    A problem that none of these reaches has no answer.
    """
    numbered = list(enumerate(remarks, start=1))
    problems = [one for one in numbered if one[1].kind == "problem"]
    measures = [one for one in numbered if one[1].kind == "measure"]
    answered = _in_the_same_item(problems, measures)
    for place in range(max((len(remark.topics) for _, remark in problems), default=0)):
        answered |= _by_topic(place, [one for one in problems if one[0] not in answered], measures)
    return _at_the_same_place(problems, measures, answered) | answered


def _in_the_same_item(problems: Sequence[Numbered], measures: Sequence[Numbered]) -> dict[int, int]:
    by_item = {remark.item: number for number, remark in reversed(measures) if remark.item is not None}
    return {number: by_item[remark.item] for number, remark in problems if remark.item in by_item}


def _by_topic(place: int, problems: Sequence[Numbered], measures: Sequence[Numbered]) -> dict[int, int]:
    """Answers by the topic that stands at `place` among those of each problem, the main one at 0."""
    groups: dict[str, list[Numbered]] = {}
    for number, remark in problems:
        if place < len(remark.topics):
            groups.setdefault(remark.topics[place], []).append((number, remark))
    found = (_of_topic(topic, asking, measures) for topic, asking in groups.items())
    return {number: answer for answers in found for number, answer in answers.items()}


def _of_topic(topic: str, problems: Sequence[Numbered], measures: Sequence[Numbered]) -> dict[int, int]:
    """Answers to problems of one topic, by the measures that name it soonest."""
    if topic == grammar.load("statements")["other_topic"]:
        return {}
    places = {number: remark.topics.index(topic) for number, remark in measures if topic in remark.topics}
    soonest = min(places.values(), default=0)
    answering = [number for number, place in places.items() if place == soonest]
    last = len(answering) - 1
    return {number: answering[min(order, last)] for order, (number, _) in enumerate(problems) if answering}


def _at_the_same_place(
    problems: Sequence[Numbered], measures: Sequence[Numbered], answered: Mapping[int, int]
) -> dict[int, int]:
    asking, answering = ([number for number, remark in side if not remark.aside] for side in (problems, measures))
    if len(asking) != len(answering):
        return {}
    taken = {answered.get(number) for number in asking}
    return {ask: answer for ask, answer in zip(asking, answering, strict=True) if answer not in taken}
