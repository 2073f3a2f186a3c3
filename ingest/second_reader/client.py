"""One question to the endpoint and its answer, bounded in time and size. Proxies and redirects are not followed."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from ingest.second_reader.settings import Endpoint

# Bytes of an answer; one figure of it takes some two hundred.
MOST_BYTES = 2 * 1024**2
TRIES = 2
TRY_AGAIN = ("endpoint_unreachable", "endpoint_timeout", "endpoint_busy")
BUSY = (408, 429, 500, 502, 503, 504)


class EndpointError(Exception):
    """The endpoint gave no usable answer; `reason` is one of the refusals in `votes.py`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


def ask(endpoint: Endpoint, messages: Sequence[dict[str, str]]) -> str:
    """What the model says to the messages. A failure that may pass is tried once more. Raises `EndpointError`."""
    question = {"model": endpoint.model, "messages": list(messages), "temperature": 0, "stream": False}
    body = json.dumps(question, ensure_ascii=False).encode()
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _content(_post(endpoint, body))
        except EndpointError as error:
            if last or error.reason not in TRY_AGAIN:
                raise
            time.sleep(endpoint.pause)
    raise AssertionError("the last try returns or raises")


def _post(endpoint: Endpoint, body: bytes) -> bytes:
    parts = urlsplit(endpoint.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=endpoint.timeout)
    try:
        with _deadline(connection, endpoint.timeout):
            connection.request("POST", f"{parts.path}/chat/completions", body, endpoint.headers)
            response = connection.getresponse()
            answer = response.read(MOST_BYTES + 1)
            status, length = response.status, response.length
    except TimeoutError as error:
        raise EndpointError("endpoint_timeout", f"no answer within {endpoint.timeout:g} s") from error
    except (OSError, HTTPException, ValueError) as error:
        raise EndpointError("endpoint_unreachable", type(error).__name__) from error
    finally:
        connection.close()
    if status != 200:
        raise EndpointError("endpoint_busy" if status in BUSY else "endpoint_status", f"status {status}")
    if len(answer) > MOST_BYTES:
        raise EndpointError("answer_too_large", f"more than {MOST_BYTES} bytes")
    if length:
        raise EndpointError("endpoint_unreachable", "the answer broke off")
    return answer


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """End the whole exchange after `seconds`: the connection's own timeout starts anew with every byte received.

    Raises `TimeoutError`, also where the exchange seems to have ended well because it was cut.
    """
    connection.connect()
    line: socket.socket = connection.sock
    over = threading.Event()

    def cut() -> None:
        over.set()
        # Where it is closed already the exchange has just ended.
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError


def _content(answer: bytes) -> str:
    """The words of the first choice in an answer of the chat interface."""
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise EndpointError("answer_malformed", "no chat completion") from error
    if not isinstance(content, str):
        raise EndpointError("answer_malformed", "the message holds no text")
    return content
