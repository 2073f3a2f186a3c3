"""How a page of the desk is made: templates that escape what they are given, and the words they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from jiheng.desk.guard import Person
from jiheng.gate_words import WORDS
from jiheng.settings import LOCAL_TIME
from publish import labels

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'self'"
# Pages in the order of the menu: route, Chinese, English, the act that shows it.
MENU = (
    ("", "总览", "Overview", "read"),
    ("gate", "门禁", "Gate", "read"),
    ("filing", "报送进度", "Filing", "read"),
    ("review", "复核队列", "Review", "review"),
    ("waivers", "例外", "Exceptions", "ask"),
    ("runs", "运行", "Runs", "receipts"),
    ("audit", "操作记录", "Record of acts", "audit"),
)
BETWEEN = " · "


def page(request: Request, name: str, person: Person, **facts: Any) -> Response:
    """A page of the desk for a person."""
    menu = [row for row in MENU if row[3] in person.acts]
    return _rendered(request, name, 200, {"person": person, "menu": menu, "here": name.removesuffix(".html"), **facts})


def message(request: Request, zh: str, en: str, status: int) -> Response:
    """A page that only says something: why a door is closed, or why something was not done."""
    return _rendered(request, "message.html", status, {"zh": zh, "en": en, "menu": (), "here": ""})


def halves(error: Exception) -> tuple[str, str]:
    """The Chinese and the English half of what an error says."""
    zh, _, en = str(error).partition(BETWEEN)
    return zh.strip(), en.strip()


def _rendered(request: Request, name: str, status: int, facts: Mapping[str, Any]) -> Response:
    base = str(request.scope.get("root_path", "")).rstrip("/")
    content = _environment().get_template(name).render(base=base, **facts)
    return HTMLResponse(content, status, {"Content-Security-Policy": POLICY})


@cache
def _environment() -> jinja2.Environment:
    folder = resources.files("jiheng.desk").joinpath("templates")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["local"] = _local
    environment.globals |= {"zh": labels.zh, "en": labels.en}
    environment.globals["gate_words"] = WORDS
    return environment


def _local(at: datetime | str | None) -> str:
    """A moment as the clock on the reader's wall shows it."""
    if not at:
        return "–"
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}"
