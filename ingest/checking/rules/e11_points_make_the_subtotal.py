"""E11: the points of a level's items add up to the subtotal that the form states for the level."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, added, adds_up, evidence, forms_of, in_points, names


def check(case: Case) -> Iterator[Result]:
    """Fails once for each subtotal whose items have the full marks of the level, so that none is missing, but other
    points.
    """
    levels = [(form, level) for form in forms_of(case) for level in form.parents if _is_known(form, level)]
    apart = [(form, level) for form, level in levels if not _holds(form, level)]
    yield from judged((_failure(level, form.parts_of(level)) for form, level in apart), levels)


def _is_known(form: Form, level: Row) -> bool:
    full, parts = level.points("full"), form.parts_of(level)
    items = all(row.is_scored for row in parts)
    return full is not None and level.result is not None and bool(parts) and items and adds_up(parts, "full", full)


def _holds(form: Form, level: Row) -> bool:
    return level.result is None or adds_up(form.parts_of(level), "item", level.result)


def _failure(level: Row, parts: list[Row]) -> Result:
    claims = (*filter(None, [level.result]), *evidence(parts, "item"))
    found = in_points(level.result.value if level.result else None)
    return Result("fail", claims, added(parts, "item"), found, {"names": names(parts)})
