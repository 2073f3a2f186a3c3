"""The app of the desk. Airflow's login is not before a plugin's routes: each asks for an act itself (`guard.may`)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ingest.acts import ActError
from ingest.naming.answers import AnswerError
from ingest.officers import NotAuthorisedError
from ingest.tables import TableError
from jiheng import journal, review
from jiheng.clock import ClockError
from jiheng.desk import acting, looking, pages, reading
from jiheng.desk.facts import TablesAwayError
from jiheng.desk.guard import Refused
from jiheng.gate_words import NothingDecidedError
from jiheng.publication import GateHeld, OverrideError
from jiheng.settings import Settings
from publish.editions import PublicationError

URL_PREFIX = "/desk"
# What a person asked for and cannot have; the words of the error say why and what to do.
REFUSALS = (
    *(ActError, AnswerError, NotAuthorisedError, OverrideError, PublicationError, journal.RequestError),
    *(review.UnknownItemError, GateHeld, ClockError, TableError),
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def make_app(settings: Settings) -> FastAPI:
    """The app for an installation."""
    app = FastAPI(title="绩衡工作台 · Jiheng desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    for router in (looking.routes, acting.routes, reading.routes):
        app.include_router(router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(NothingDecidedError, _nothing)
    app.add_exception_handler(TablesAwayError, _away)
    for kind in REFUSALS:
        app.add_exception_handler(kind, _not_done)
    app.middleware("http")(_with_headers)
    return app


async def _with_headers(request: Request, call_next: Any) -> Response:
    answer: Response = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _refused(request: Request, error: Any) -> Response:
    return pages.message(request, error.zh, error.en, error.status)


async def _missing(request: Request, error: Any) -> Response:
    return pages.message(request, "没有这一页。", "There is no such page.", error.status_code)


async def _unreadable(request: Request, _: Any) -> Response:
    return pages.message(request, "填写不完整，请返回补齐。", "Something is missing in the form; go back.", 422)


async def _nothing(request: Request, error: Any) -> Response:
    return pages.message(request, *pages.halves(error), 404)


async def _away(request: Request, error: Any) -> Response:
    return pages.message(request, *pages.halves(error), 503)


async def _not_done(request: Request, error: Any) -> Response:
    zh, en = pages.halves(error)
    return pages.message(request, f"没有执行：{zh}", en, 409)
