"""C08: the measures of a report answer its problems."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.reading import grammar
from ingest.reading.statements import Statement

MOST_SHOWN = 5


def check(case: Case) -> Iterator[Result]:
    """Fails when not one of the problems has a measure of its own; not applicable where a topic is not known.

    A single problem without one is no failure: a measure may answer several problems in words of its own.
    """
    problems = [statement for statement in case.statements if statement.kind == "problem"]
    measures = [statement for statement in case.statements if statement.kind == "measure"]
    unknown = grammar.load("statements")["other_topic"]
    if not problems or not measures or any(statement.topic == unknown for statement in (*problems, *measures)):
        yield NOT_APPLICABLE
    elif any(problem.pairs_with for problem in problems):
        yield PASS
    else:
        about, answered = (_topics(statements) for statements in (problems, measures))
        shown = (*problems[:MOST_SHOWN], *measures[:MOST_SHOWN])
        yield Result("fail", expected=f"针对{about}的措施", found=answered, statements=shown, words={"about": about})


def _topics(statements: list[Statement]) -> str:
    return "、".join(dict.fromkeys(statement.topic for statement in statements))
