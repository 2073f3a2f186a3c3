"""Tokens: a division's key to the upload. Only their SHA-256 is kept, in a file of JSON lines that is appended to."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jiheng.files import alone, canonical_json, sha256_of_bytes
from jiheng.settings import LOCAL_TIME

PREFIX = "jiheng_"
RANDOM_BYTES = 32
# A division's key names a folder of uploads.
KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
WRITABLE_BY_OTHERS = 0o022


class TokenError(ValueError):
    """A token that cannot be issued or revoked, or a file of tokens that cannot be trusted: why, and how to mend it."""


@dataclass(frozen=True)
class Token:
    """What is kept of a token. `until` is its last day, a day of the local zone."""

    token_id: str
    division_key: str
    sha256: str
    issued_by: str
    issued_at: datetime
    until: date
    revoked_by: str | None = None
    revoked_at: datetime | None = None
    revoked_why: str | None = None

    def state_at(self, moment: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if moment.astimezone(LOCAL_TIME).date() <= self.until else "expired"


@dataclass(frozen=True)
class TokenBook:
    """The file of all tokens of an installation; every change is a further line."""

    path: Path

    def issue(self, division_key: str, by: str, until: date, moment: datetime) -> tuple[str, Token]:
        """Make a token for a division and give it, for the only time, with what is kept of it.

        Whether the division exists is the caller's to know. Raises `TokenError` for a last day that is over.
        """
        if not KEY.fullmatch(division_key):
            raise TokenError(f"区划键只能有字母、数字、“-”和“_” · not a key for a folder: {division_key!r}")
        if until < moment.astimezone(LOCAL_TIME).date():
            raise TokenError(f"到期日已过 the last day is over: {until}")
        secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        digest = sha256_of_bytes(secret.encode())
        token = Token(digest[:12], division_key, digest, _named(by), moment, until)
        issued = {"token_id": token.token_id, "division_key": division_key, "sha256": digest, "until": until}
        self._append({"event": "issued", "by": token.issued_by, "at": moment} | issued)
        return secret, token

    def revoke(self, token_id: str, by: str, why: str, moment: datetime) -> None:
        """End a token at once. Raises `TokenError` when there is none of this id or it is revoked already."""
        token = next((one for one in self.tokens() if one.token_id == token_id), None)
        if token is None:
            raise TokenError(f"没有这个令牌 there is no token {token_id}")
        if token.revoked_at is not None:
            raise TokenError(f"令牌已于 {token.revoked_at:%Y-%m-%d} 作废 · revoked already")
        self._append({"event": "revoked", "token_id": token_id, "by": _named(by), "why": why, "at": moment})

    def tokens(self) -> list[Token]:
        """Every token that was ever issued, in order of issue. Raises `TokenError` for a file we have not written."""
        found: dict[str, Token] = {}
        for number, line in enumerate(self._lines(), start=1):
            try:
                _take(found, json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise TokenError(
                    f"{self.path.name} 第 {number} 行不是令牌记录，请从备份恢复 · line {number} is no record of a token"
                ) from error
        return list(found.values())

    def division_of(self, secret: str, moment: datetime) -> str | None:
        """The division whose valid token this is. All tokens are compared, each in constant time."""
        digest = sha256_of_bytes(secret.encode())
        matching = [token for token in self.tokens() if hmac.compare_digest(token.sha256, digest)]
        return next((token.division_key for token in matching if token.state_at(moment) == "valid"), None)

    def _lines(self) -> list[str]:
        """Complete lines; one that a killed process has not finished was never told to anybody as done."""
        if not self.path.exists():
            return []
        if self.path.stat().st_mode & WRITABLE_BY_OTHERS:
            raise TokenError(f"他人可改写令牌文件 others may write it: chmod 600 {self.path}")
        return self.path.read_text(encoding="utf-8").split("\n")[:-1]

    def _append(self, record: Mapping[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with alone(self.path.with_name(f".{self.path.name}.lock")), os.fdopen(handle, "rb+") as stream:
            stream.seek(stream.read().rfind(b"\n") + 1)
            stream.truncate()
            stream.write(canonical_json(record).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def _take(found: dict[str, Token], record: Mapping[str, Any]) -> None:
    """Add to `found` what one line says."""
    key, by, moment = record["token_id"], record["by"], datetime.fromisoformat(record["at"])
    if record["event"] == "issued":
        until = date.fromisoformat(record["until"])
        found[key] = Token(key, record["division_key"], record["sha256"], by, moment, until)
    elif record["event"] == "revoked":
        found[key] = replace(found[key], revoked_by=by, revoked_at=moment, revoked_why=record["why"])
    else:
        raise ValueError(f"no such event: {record['event']}")


def _named(by: str) -> str:
    if not by.strip():
        raise TokenError("请写明经办人 · say who: --by")
    return by.strip()
