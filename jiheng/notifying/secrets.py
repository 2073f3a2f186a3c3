"""The secrets of a channel: from a connection of Airflow, or from files. They are read anew for each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiheng.notifying.configuration import Chat, Mail, NoticesError

# How a connection of Airflow is found by its id: as a mapping of host, port, schema, login, password, extra.
Lookup = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Access:
    """What it takes to reach a channel. For a chat `password` is its token and `secret` what it signs with."""

    host: str | None = None
    port: int | None = None
    base_url: str | None = None
    login: str | None = None
    password: str | None = None
    secret: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(one for one in (self.password, self.secret) if one)

    def __repr__(self) -> str:
        return "Access(***)"


def access_to(channel: Chat | Mail, lookup: Lookup) -> Access:
    """What it takes to reach a channel. Raises NoticesError where a secret is named but not found."""
    found = _from_connection(channel, lookup) if channel.connection else Access()
    if isinstance(channel, Mail):
        return Access(
            host=channel.host or found.host,
            port=channel.port or found.port,
            login=_from_file(channel, "login_file", channel.login_file) or found.login,
            password=_from_file(channel, "password_file", channel.password_file) or found.password,
        )
    token = _from_file(channel, "token_file", channel.token_file) or found.password
    secret = _from_file(channel, "secret_file", channel.secret_file) or found.secret
    if token is None and channel.kind != "gateway":
        raise NoticesError(
            f"{channel.name}: 没有机器人的密钥（地址中 key=、access_token= 或 hook/ 之后的部分），"
            "请设置 token_file 或 connection · it has no token; set token_file or connection"
        )
    base_url = channel.base_url or found.base_url or channel.spoken.base_url
    return Access(base_url=base_url, password=token, secret=secret)


def _from_connection(channel: Chat | Mail, lookup: Lookup) -> Access:
    name = str(channel.connection)
    try:
        one = lookup(name)
    except Exception as error:
        raise NoticesError(
            f"{channel.name}: Airflow 中没有连接 {name}，请用 airflow connections add 建立，"
            f"或设置 AIRFLOW_CONN_{name.upper()} · Airflow has no such connection ({type(error).__name__})"
        ) from None
    host, port = one.get("host") or None, one.get("port")
    extra = one.get("extra") or {}
    scheme = one.get("schema") or extra.get("scheme") or "https"
    base_url = f"{scheme}://{host}{f':{port}' if port else ''}" if host else None
    if host and "://" in host:
        base_url = host.rstrip("/")
    return Access(
        host=host,
        port=int(port) if port else None,
        base_url=base_url,
        login=one.get("login") or None,
        password=one.get("password") or None,
        secret=extra.get("secret") or None,
    )


def _from_file(channel: Chat | Mail, key: str, path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        found = path.expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NoticesError(
            f"{channel.name}: {key} 所指的文件 {path} 无法读取 · that file cannot be read: {error.strerror}"
        ) from error
    if not found:
        raise NoticesError(f"{channel.name}: {key} 所指的文件 {path} 是空的 · that file is empty")
    return found
