"""E10: the full marks of a level's items add up to the full marks of the level."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, added, adds_up, evidence, forms_of, in_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each level whose parts make another sum, in a form that its total shows to be read as a whole."""
    levels = [
        (form, level) for form in forms_of(case) if form.complete for level in form.parents if not level.is_subtotal
    ]
    apart = [(form, level) for form, level in levels if not _holds(form, level)]
    yield from judged(
        (_failure(level, form.parts_of(level)) for form, level in apart if _is_first(level, apart)), levels
    )


def _is_first(level: Row, apart: list[tuple[Form, Row]]) -> bool:
    """Whether no level below is wrong too, whose mistake this one would only repeat."""
    return not any(other.path.startswith(level.path + " > ") for _, other in apart)


def _holds(form: Form, level: Row) -> bool:
    full = level.points("full")
    return full is None or adds_up(form.parts_of(level), "full", full)


def _failure(level: Row, parts: list[Row]) -> Result:
    claims = (*evidence([level], "full"), *evidence(parts, "full"))
    return Result("fail", claims, in_points(level.given("full")), added(parts, "full"), {"name": level.name})
