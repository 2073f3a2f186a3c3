"""Where notices go: `notices.yaml` of the registers. It holds no secrets, only the names under which they are found."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from jiheng.notifying.kinds import KINDS, Answers, Kind
from jiheng.settings import Settings

FILE_NAME = "notices.yaml"
DOCS = "docs/operator/notices.md"
Event = Literal["digest", "held", "missing", "failed", "quarantine", "filed"]
Language = Literal["zh", "en"]
# What pydantic calls a mistake, in words.
MISTAKES = {
    "missing": "缺少这一项 · it is missing",
    "extra_forbidden": "没有这样的项，请核对拼写 · there is no such key",
    "union_tag_invalid": "kind 须为 wecom、dingtalk、feishu、gateway 或 mail · kind is one of these",
    "union_tag_not_found": "缺少 kind：wecom、dingtalk、feishu、gateway 或 mail · kind is missing",
}


class NoticesError(ValueError):
    """A mistake in the configuration: where, what, and how to mend it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Channel(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=60)]
    audience: str = ""
    events: Annotated[tuple[Event, ...], Field(min_length=1)] = (
        "digest",
        "held",
        "missing",
        "failed",
        "quarantine",
        "filed",
    )
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("zh",)
    connection: str | None = None
    ca_file: Path | None = None
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    # So many attempts in one run, with pauses of this many seconds, four times as long each time.
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    pause_seconds: Annotated[float, Field(ge=0, le=60)] = 2.0

    def wants(self, event: str) -> bool:
        """Whether this channel is told of an event. The notice of a held night is that night's digest as well."""
        return event in self.events or (event == "held" and "digest" in self.events)


class AnswersOfGateway(_Strict):
    """How a gateway of another shape says that it accepted, or that it is busy."""

    field: str
    accepted: tuple[int | str, ...] = (0,)
    busy: tuple[int | str, ...] = ()


class Chat(_Channel):
    """A chat or a gateway that is spoken to over HTTP."""

    kind: Literal["wecom", "dingtalk", "feishu", "gateway"]
    base_url: str | None = None
    path: str | None = None
    template: Path | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    answers: AnswersOfGateway | None = None
    limit_bytes: Annotated[int, Field(ge=256, le=20000)] = 2048
    token_file: Path | None = None
    secret_file: Path | None = None

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://none")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ValueError(
                "须为 https://主机 的形式，不含用户名、密钥或问号后的参数；密钥用 token_file 或 connection 给出"
                " · an address like https://host, without user, key or query: those belong to token_file or connection"
            )
        return url.rstrip("/") if url else url

    @model_validator(mode="after")
    def _reachable(self) -> Chat:
        if self.kind == "gateway" and not (self.base_url or self.connection):
            raise ValueError("gateway 须给出 base_url 或 connection · a gateway needs base_url or connection")
        return self

    @property
    def spoken(self) -> Kind:
        """How this kind of chat is spoken to."""
        return KINDS[self.kind]

    @property
    def understood(self) -> Answers:
        """How its answers are understood."""
        if self.answers is None:
            return self.spoken.answers
        return Answers((self.answers.field,), frozenset(self.answers.accepted), frozenset(self.answers.busy))

    @cached_property
    def payload(self) -> str:
        """The template of what is sent: the channel's own, else that of its kind. Raises NoticesError."""
        if self.template is None:
            return self.spoken.payload
        try:
            return self.template.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NoticesError(f"{self.name}: 模板无法读取 · the template cannot be read: {error}") from error


class Mail(_Channel):
    """A list of addresses that one letter a night goes to."""

    kind: Literal["mail"]
    sender: str
    to: Annotated[tuple[str, ...], Field(min_length=1)]
    host: str | None = None
    port: Annotated[int, Field(gt=0, lt=65536)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    login_file: Path | None = None
    password_file: Path | None = None

    @field_validator("sender", "to")
    @classmethod
    def _addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            name, at, host = address.partition("@")
            if not (name and at and host) or any(sign.isspace() or sign in ",;<>" for sign in address):
                raise ValueError(f"“{address}”不是邮件地址 · it is no address")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Mail:
        if not (self.host or self.connection):
            raise ValueError("须给出 host 或 connection · host or connection is needed")
        return self


Channel = Annotated[Chat | Mail, Field(discriminator="kind")]


class Notices(_Strict):
    """The whole configuration. `site` is the address at which the folder `editions/` is served."""

    site: Annotated[str, Field(max_length=200, pattern=r"^https?://[^\s?#@]+$")] | None = None
    quarantine_files: Annotated[int, Field(gt=0)] = 20
    channels: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> Notices:
        names = [channel.name for channel in self.channels]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"渠道重名 · channels with the same name: {'、'.join(twice)}")
        return self


def read(settings: Settings) -> Notices:
    """The configuration: `notices.yaml` of the last directory of registers that has one; without any, no channels.

    Raises NoticesError, which names file, place and remedy.
    """
    files = [directory / FILE_NAME for directory in settings.registers if (directory / FILE_NAME).is_file()]
    if not files:
        return Notices()
    path = files[-1]
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return Notices.model_validate(_with_paths(said, path.parent))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NoticesError(f"{path}: 不是正确的 YAML，请改正 · no proper YAML: {error}") from error
    except ValidationError as error:
        told = "；".join(_told(one) for one in error.errors(include_url=False, include_input=False))
        raise NoticesError(f"{path}: {told}") from error


def _with_paths(said: Any, folder: Path) -> Any:
    """Files that channels name are looked for beside the configuration."""
    if not isinstance(said, dict) or not isinstance(said.get("channels"), list):
        return said
    channels = [_beside(one, folder) if isinstance(one, dict) else one for one in said["channels"]]
    return said | {"channels": channels}


def _beside(channel: dict[str, Any], folder: Path) -> dict[str, Any]:
    named = {key: channel[key] for key in ("template", "ca_file") if isinstance(channel.get(key), str)}
    return channel | {key: str(folder / name) for key, name in named.items()}


def _told(mistake: Any) -> str:
    """One mistake: the way to its place, and what is wrong there."""
    steps = [step for step in mistake["loc"] if step not in (*KINDS, "mail")]
    place = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    words = MISTAKES.get(mistake["type"], mistake["msg"].removeprefix("Value error, "))
    return f"{place or '全文 the whole'}: {words}"
