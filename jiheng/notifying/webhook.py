"""Speaking to a chat over HTTP: the request is made of templates, the answer's code decides, not the status alone.

Templates know `title`, `text`, `event`, `edition`, `language`, `token`, and where the channel signs, `timestamp` and
`sign`. They run in a sandbox.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from jiheng.notifying.configuration import Chat, NoticesError
from jiheng.notifying.masking import in_silence, masked
from jiheng.notifying.outcome import (
    FAILED,
    REFUSED,
    SENT,
    UNCLEAR,
    NotDeliveredError,
    Outcome,
    RefusedError,
    UnclearError,
)
from jiheng.notifying.secrets import Access
from jiheng.notifying.text import chat_text
from publish.digest import Message

LONGEST_WORDS = 200
# A request that did not go out whole was not taken; one whose answer did not come may have been.
NOT_DELIVERED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError, httpx.WriteTimeout)
TEMPLATES = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


@dataclass(frozen=True)
class Request:
    """What would be posted where. `shown` are both without secrets."""

    url: str
    headers: dict[str, str]
    body: bytes
    secrets: tuple[str, ...]

    def shown(self) -> dict[str, Any]:
        """The request for people to look at."""
        headers = {name: masked(value, self.secrets) for name, value in self.headers.items()}
        body = json.loads(masked(self.body.decode(), self.secrets))
        return {"url": masked(self.url, self.secrets), "headers": headers, "body": body}


def request_for(channel: Chat, access: Access, facts: dict[str, str], messages: list[Message], at: datetime) -> Request:
    """The request that tells a chat of something, signed for this moment. Raises NoticesError for a wrong template."""
    kind = channel.spoken
    signature = kind.sign(access.secret, at) if kind.sign and access.secret else None
    values = facts | {
        "title": messages[0].title,
        "text": chat_text(messages, kind, channel.limit_bytes),
        "language": messages[0].language,
        "token": access.password or "",
        "timestamp": signature.timestamp if signature else "",
        "sign": signature.sign if signature else "",
    }
    secrets = (*access.secrets, *([signature.sign] if signature else []))
    try:
        path = TEMPLATES.from_string(channel.path if channel.path is not None else kind.path).render(values)
        headers = {name: TEMPLATES.from_string(value).render(values) for name, value in channel.headers.items()}
        body = TEMPLATES.from_string(channel.payload).render(values)
        json.loads(body)
    except (TemplateError, json.JSONDecodeError) as error:
        raise NoticesError(
            f"{channel.name}: 模板有误，结果须为 JSON · the template is wrong, or what it makes is no JSON: "
            f"{masked(str(error), secrets)}"
        ) from None
    # One line of JSON, whatever the template's own spacing.
    compact = json.dumps(json.loads(body), ensure_ascii=False).encode()
    own = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "jiheng"}
    return Request(f"{access.base_url}{path}", own | headers, compact, secrets)


def send(channel: Chat, access: Access, make: Callable[[datetime], Request]) -> Outcome:
    """Post what `make` makes, again after a while where it certainly was not taken. Never raises for the network.

    Nothing is posted again after an answer that accepts it, nor when it went out and no clear answer came.
    """
    retrying = Retrying(
        stop=stop_after_attempt(channel.attempts),
        wait=wait_exponential(channel.pause_seconds, exp_base=4, max=60),
        retry=retry_if_exception_type(NotDeliveredError),
        reraise=True,
    )
    secrets = access.secrets
    try:
        with in_silence(), httpx.Client(verify=_trusted(channel), timeout=channel.timeout_seconds) as client:
            for attempt in retrying:
                with attempt:
                    request = make(datetime.now(UTC))
                    secrets = request.secrets
                    _post(client, channel, request)
    except NotDeliveredError as error:
        return Outcome(FAILED, masked(str(error), secrets), channel.attempts)
    except UnclearError as error:
        return Outcome(UNCLEAR, masked(str(error), secrets), _attempts(retrying))
    except (RefusedError, ssl.SSLError, OSError, ValueError) as error:
        return Outcome(REFUSED, masked(str(error), secrets)[:LONGEST_WORDS], _attempts(retrying))
    return Outcome(SENT, "", _attempts(retrying))


def _attempts(retrying: Retrying) -> int:
    return int(retrying.statistics.get("attempt_number", 1))


def _trusted(channel: Chat) -> ssl.SSLContext | bool:
    """The authorities that vouch for the chat's certificate: the system's, or those of a file for a private host."""
    return ssl.create_default_context(cafile=str(channel.ca_file)) if channel.ca_file else True


def _post(client: httpx.Client, channel: Chat, request: Request) -> None:
    try:
        answer = client.post(request.url, content=request.body, headers=request.headers)
    except NOT_DELIVERED as error:
        raise NotDeliveredError(f"连接不上 cannot be reached: {type(error).__name__}: {error}") from None
    except httpx.HTTPError as error:
        raise UnclearError(f"已发出，没有收到答复 sent, and no answer came: {type(error).__name__}") from None
    _judge(channel, answer)


def _judge(channel: Chat, answer: httpx.Response) -> None:
    """Return for an answer that accepts; raise what the answer means otherwise."""
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise NotDeliveredError(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise RefusedError(f"HTTP {answer.status_code} {answer.text[:LONGEST_WORDS]}")
    answers = channel.understood
    if not answers.fields:
        return
    try:
        said = answer.json()
        code = next(said[name] for name in answers.fields if name in said)
    except (ValueError, TypeError, StopIteration):
        raise UnclearError(f"答复无法理解 an answer without a code: {answer.text[:LONGEST_WORDS]}") from None
    if code in answers.accepted:
        return
    words = f"{code} {said.get('errmsg') or said.get('msg') or ''}"[:LONGEST_WORDS]
    raise NotDeliveredError(words) if code in answers.busy else RefusedError(words)
