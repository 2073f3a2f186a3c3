"""The routes of the upload. Nothing around them checks who calls: every route asks for a token itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.upload.body import received
from ingest.upload.limits import Limits
from ingest.upload.refusals import Refusal
from ingest.upload.store import UPLOAD_ID, Upload, Uploads
from ingest.upload.tokens import TokenBook, TokenError
from jiheng.files import sha256_of_file
from jiheng.settings import LOCAL_TIME, Settings

URL_PREFIX = "/jiheng"
HEADERS = {
    "Cache-Control": "no-store",
    # A receipt is a page with styles of its own and nothing else; it must not act in the name of Airflow's pages.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
log = logging.getLogger("jiheng.upload")


def own_uploads(request: Request) -> Uploads:
    """The uploads of the division whose token the request bears. Raises `Refusal` for anybody else."""
    settings: Settings = request.app.state.settings
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    division_key = TokenBook(settings.upload_tokens).division_of(secret.strip(), datetime.now(UTC))
    if scheme.lower() != "bearer" or division_key is None:
        raise Refusal("UNAUTHORISED", {"WWW-Authenticate": "Bearer"})
    request.state.division_key = division_key
    return Uploads(settings.uploads, division_key)


Own = Annotated[Uploads, Depends(own_uploads)]
routes = APIRouter(prefix="/submissions")


@routes.post("")
async def hand_in(request: Request, own: Own) -> JSONResponse:
    """Store the file: 202 when it is new, 200 when the same bytes came within a day."""
    limits: Limits = request.app.state.limits
    if not await run_in_threadpool(request.app.state.believes, datetime.now(UTC)):
        raise Refusal("CLOCK")
    await run_in_threadpool(own.check_rate, limits, datetime.now(UTC))
    async with received(request, limits) as content:
        upload, is_new = await run_in_threadpool(own.keep, content, limits, datetime.now(UTC))
        answer = await run_in_threadpool(_told, request, upload) | {"sha256": content.sha256}
    log.info("%s of %s: %d bytes, %s", upload.upload_id, own.division_key, content.size_bytes, _kind(is_new))
    return JSONResponse(answer, 202 if is_new else 200, {"Location": answer["status_url"]})


@routes.get("")
def list_own(
    request: Request,
    own: Own,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[str | None, Query(pattern=f"^{UPLOAD_ID.pattern}$")] = None,
) -> JSONResponse:
    """The division's uploads, the newest first; `next_url` asks for the older ones."""
    found = list(islice(own.newest_first(before), limit + 1))
    shown = found[:limit]
    older = f"{_here(request)}?limit={limit}&before={shown[-1].upload_id}" if len(found) > limit else None
    return JSONResponse({"submissions": [_told(request, upload) for upload in shown], "next_url": older})


@routes.get("/{upload_id}")
def look_up(request: Request, own: Own, upload_id: str) -> JSONResponse:
    """What became of an upload: `received`, or the verdict with the whole receipt."""
    upload = _found(own, upload_id)
    page = upload.receipt(request.app.state.settings.receipts)
    receipt = json.loads(page.with_suffix(".json").read_text(encoding="utf-8")) if page else None
    return JSONResponse(_told(request, upload) | {"sha256": sha256_of_file(upload.path), "receipt": receipt})


@routes.get("/{upload_id}/receipt.{ending}")
def receipt_file(request: Request, own: Own, upload_id: str, ending: str) -> FileResponse:
    """The receipt as a page (`html`) or a workbook (`xlsx`)."""
    if ending not in MEDIA_TYPES:
        raise Refusal("NOT_FOUND")
    page = _found(own, upload_id).receipt(request.app.state.settings.receipts)
    if page is None:
        raise Refusal("NOT_READ_YET")
    name = f"{upload_id}.{ending}"
    return FileResponse(page.with_suffix(f".{ending}"), media_type=MEDIA_TYPES[ending], filename=name)


def _found(own: Uploads, upload_id: str) -> Upload:
    upload = own.find(upload_id)
    if upload is None:
        raise Refusal("NOT_FOUND")
    return upload


def _told(request: Request, upload: Upload) -> dict[str, Any]:
    """What every answer says of an upload."""
    page = upload.receipt(request.app.state.settings.receipts)
    own_url = f"{_here(request)}/{upload.upload_id}"
    return {
        "upload_id": upload.upload_id,
        "file_name": upload.path.name,
        "size_bytes": upload.path.stat().st_size,
        "received_at": upload.received_at.astimezone(LOCAL_TIME).isoformat(),
        "state": _verdict(page),
        "status_url": own_url,
        "receipt_html_url": f"{own_url}/receipt.html" if page else None,
        "receipt_xlsx_url": f"{own_url}/receipt.xlsx" if page else None,
    }


def _verdict(page: Path | None) -> str:
    if page is None:
        return "received"
    return str(json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["verdict"])


def _here(request: Request) -> str:
    """The path of the list: below whatever the app is mounted at."""
    return f"{request.scope['root_path']}{routes.prefix}"


def _kind(is_new: bool) -> str:
    return "new" if is_new else "came before"


def make_app(settings: Settings, limits: Limits, believes: Callable[[datetime], bool] = lambda _: True) -> ASGIApp:
    """The app of one installation, to be mounted at `URL_PREFIX`; `believes` says whether a clock can be believed: the
    time of an upload decides whether a report was late.
    """
    app = FastAPI(openapi_url=None, dependencies=[Depends(own_uploads)])
    app.state.settings, app.state.limits, app.state.believes = settings, limits, believes
    app.include_router(routes)
    for kind, answer in ANSWERS_TO.items():
        app.add_exception_handler(kind, answer)
    return _WithHeaders(app)


def served_alone() -> Starlette:
    """The app under the same address as in Airflow, with the settings of the environment."""
    settings = Settings.from_environment()
    app = make_app(settings, Limits.of(settings))
    return Starlette(routes=[Mount(URL_PREFIX, app)])


def _refuse(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    log.info("%s of %s refused: %s", request.method, getattr(request.state, "division_key", "nobody"), error.code)
    return JSONResponse(error.body(), error.status, error.headers)


def _refuse_route(request: Request, error: Exception) -> Response:
    """A path or a method that there is not."""
    assert isinstance(error, HTTPException)
    return _refuse(request, Refusal("NOT_ALLOWED" if error.status_code == 405 else "NOT_FOUND"))


def _refuse_wrong(request: Request, _error: Exception) -> Response:
    return _refuse(request, Refusal("BAD_REQUEST"))


def _refuse_for_now(request: Request, error: Exception) -> Response:
    log.error("uploads cannot be taken", exc_info=error)
    return _refuse(request, Refusal("UNAVAILABLE"))


def _fault(request: Request, _error: Exception) -> Response:
    """The server logs the error itself."""
    return _refuse(request, Refusal("FAULT"))


ANSWERS_TO: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    Refusal: _refuse,
    HTTPException: _refuse_route,
    RequestValidationError: _refuse_wrong,
    OSError: _refuse_for_now,
    TokenError: _refuse_for_now,
    Exception: _fault,
}


class _WithHeaders:
    """Adds `HEADERS` to every answer, also to that of a fault."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)
