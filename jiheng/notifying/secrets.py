"""The secrets of a channel: from a connection of Airflow, or from the environment. They are read anew for each run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiheng.notifying.configuration import Chat, Mail, NoticesError

# How a connection of Airflow is found by its id: as a mapping of host, port, schema, login, password, extra.
Lookup = Callable[[str], Mapping[str, Any]]
# An environment variable of this name and ending holds the name of a file instead of the secret itself.
IN_FILE = "_FILE"


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
            login=_from_environment(channel, "login_from", channel.login_from) or found.login,
            password=_from_environment(channel, "password_from", channel.password_from) or found.password,
        )
    token = _from_environment(channel, "token_from", channel.token_from) or found.password
    secret = _from_environment(channel, "secret_from", channel.secret_from) or found.secret
    if token is None and channel.kind != "gateway":
        raise NoticesError(
            f"{channel.name}: 没有机器人的密钥（地址中 key=、access_token= 或 hook/ 之后的部分），"
            "请设置 token_from 或 connection · it has no token; set token_from or connection"
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


def _from_environment(channel: Chat | Mail, key: str, variable: str | None) -> str | None:
    if variable is None:
        return None
    try:
        named = os.environ.get(f"{variable}{IN_FILE}")
        found = Path(named).read_text(encoding="utf-8").strip() if named else os.environ.get(variable, "").strip()
    except OSError as error:
        raise NoticesError(
            f"{channel.name}: {variable}{IN_FILE} 所指的文件无法读取 · that file cannot be read: {error.strerror}"
        ) from error
    if not found:
        raise NoticesError(
            f"{channel.name}: {key} 所指的环境变量 {variable} 没有设置，{variable}{IN_FILE} 也没有"
            f" · neither of these environment variables is set"
        )
    return found
