"""How bytes come in: one file of a multipart request, spooled to disk outside the uploads until it is complete."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from ingest.upload.limits import Limits
from ingest.upload.refusals import Refusal
from ingest.upload.store import Content

FIELD = "file"
# What boundaries, headers and further fields of a multipart body may take beside the file.
ENVELOPE_BYTES = 64 * 1024
MOST_FIELDS = 8
BLOCK_BYTES = 1024 * 1024


@asynccontextmanager
async def received(request: Request, limits: Limits) -> AsyncIterator[Content]:
    """Read the request's file and give it; its spool goes when the block is left, or with the process.

    Raises `Refusal` for what is no multipart request with one file, empty, too large or too slow, or was cut off: for
    one that is too large as soon as that shows.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refusal("NOT_MULTIPART")
    largest = limits.size_bytes + ENVELOPE_BYTES
    if int(request.headers.get("content-length", 0)) > largest:
        raise _too_large(limits)
    counted = Request(request.scope, _counted(request.receive, largest, limits))
    try:
        async with asyncio.timeout(limits.seconds):
            form = await counted.form(max_files=1, max_fields=MOST_FIELDS)
    except TimeoutError as error:
        raise Refusal("TOO_SLOW", {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise Refusal("CUT_OFF") from error
    except HTTPException as error:
        raise Refusal("NO_FILE") from error
    try:
        yield await run_in_threadpool(_content, form.get(FIELD), limits)
    finally:
        await form.close()


def _counted(receive: Receive, largest: int, limits: Limits) -> Receive:
    """The same messages, until their bodies are more than `largest` bytes."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise _too_large(limits)
        return message

    return counted


def _content(file: UploadFile | str | None, limits: Limits) -> Content:
    if not isinstance(file, UploadFile):
        raise Refusal("NO_FILE")
    size = file.size or 0
    if size == 0:
        raise Refusal("EMPTY")
    if size > limits.size_bytes:
        raise _too_large(limits)
    return Content(file.filename or "", file.file, size, _sha256(file.file))


def _sha256(stream: IO[bytes]) -> str:
    """SHA-256 of a stream, which is put back to its beginning."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _too_large(limits: Limits) -> Refusal:
    """The server goes on to read what a sender still sends, and drops it: so the sender sees the answer."""
    return Refusal("TOO_LARGE", limit_bytes=limits.size_bytes)
