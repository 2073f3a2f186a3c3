"""Chats and a mail server on loopback that look at what they get as the vendors' documentation says they do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "token-7f3a/9+c"
SECRET = "SEC-b41d-signing"
LOGIN, PASSWORD = "jiheng", "mail-password-5522"
HOUR = 3600
# More than a chat takes in a minute.
BUSY = {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}


@dataclass
class ChatServer:
    """Takes messages; `plan` says what becomes of the next: `busy`, `refuse`, `slow`, `cut`, `garbled`, a status."""

    plan: list[Any] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        return [text_of(one) for one in self.taken]


def text_of(body: dict[str, Any]) -> str:
    """The text of a message in the shape of any of the chats."""
    if "markdown" in body:
        return str(body["markdown"].get("content") or body["markdown"]["text"])
    if "card" in body:
        return str(body["card"]["elements"][0]["content"])
    return str(body["text"])


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server that is 企业微信, 钉钉, 飞书 and a gateway of one's own, by path."""
    state = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.seen += 1
            step = state.plan.pop(0) if state.plan else "take"
            if step == "cut":
                self.connection.close()
                return
            if step == "slow":
                time.sleep(1.5)
            self._answer(step, body)

        def _answer(self, step: Any, body: bytes) -> None:
            kind, problem = judged(self.path, dict(self.headers), json.loads(body))
            if isinstance(step, int):
                self._say(step, {})
            elif step == "garbled":
                self._say(200, b"<html>gateway</html>")
            elif step == "busy":
                self._say(200, coded(kind, BUSY[kind], "send too fast"))
            elif step == "refuse" or problem:
                # The words of a refusal hold the address back at the sender, as proxies do.
                self._say(200, coded(kind, 93000, f"{problem or 'invalid'} {self.path}"))
            else:
                state.taken.append(json.loads(body))
                self._say(200, coded(kind, 0, "ok"))

        def _say(self, status: int, said: dict[str, Any] | bytes) -> None:
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except ConnectionError:
                pass  # who asked has gone

        def log_message(self, *arguments: Any) -> None:
            pass

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as state.port:
        yield state


@contextmanager
def _served(server: socketserver.ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[int]:
    """Let a server answer on its port until the block ends."""
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def coded(kind: str, code: int, words: str) -> dict[str, Any]:
    return {"code": code, "msg": words} if kind == "feishu" else {"errcode": code, "errmsg": words}


def judged(path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[str, str]:
    """Which chat is meant, and what it would object to; written from the vendors' pages, not from our own code."""
    parts = urlsplit(path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path == "/cgi-bin/webhook/send":
        content = body["markdown"]["content"]
        return "wecom", "" if asked["key"] == TOKEN and len(content.encode()) <= 4096 else "invalid webhook url"
    if parts.path == "/robot/send":
        stamp = asked.get("timestamp", "")
        digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        fresh = stamp.isdecimal() and abs(time.time() * 1000 - int(stamp)) < HOUR * 1000 and len(stamp) == 13
        good = asked["access_token"] == TOKEN and fresh and asked.get("sign") == base64.b64encode(digest).decode()
        return "dingtalk", "" if good and body["markdown"]["title"] else "sign not match"
    if parts.path.startswith("/open-apis/bot/v2/hook/"):
        stamp = body.get("timestamp", "")
        digest = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        fresh = stamp.isdecimal() and abs(time.time() - int(stamp)) < HOUR
        return "feishu", "" if fresh and body.get("sign") == base64.b64encode(digest).decode() else "sign match fail"
    return "gateway", "" if headers.get("Authorization") == f"Bearer {TOKEN}" else "unauthorised"


@dataclass
class MailServer:
    """Takes letters; `plan` says what to do with the next ones: `later` (451), `refuse` (550), `cut`."""

    plan: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """An SMTP server with STARTTLS where it has a certificate (with its key in the same file), and with a login."""
    state = MailServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.lines = self.request.makefile("rb")
            self.is_encrypted, self.to = False, list[str]()
            self.say("220 loopback")
            while line := self.lines.readline():
                if not self.obey(line.decode().strip()):
                    return

        def say(self, words: str) -> None:
            self.request.sendall(f"{words}\r\n".encode())

        def obey(self, line: str) -> bool:
            verb = line.partition(" ")[0].upper()
            if verb == "EHLO":
                offers = ["loopback", *(["STARTTLS"] if certificate and not self.is_encrypted else []), "AUTH PLAIN"]
                self.say("\r\n".join(f"250{'-' if offer != offers[-1] else ' '}{offer}" for offer in offers))
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.request = context.wrap_socket(self.request, server_side=True)
                self.lines, self.is_encrypted = self.request.makefile("rb"), True
            elif verb == "AUTH":
                told = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")
                self.say("235 welcome" if told[1:] == [LOGIN, PASSWORD] else f"535 no: {told[-1]}")
            elif verb == "RCPT":
                known = "unknown" not in line
                self.to += [line.partition("<")[2].rstrip(">")] if known else []
                self.say("250 ok" if known else "550 no such user")
            elif verb == "DATA":
                return self.take()
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")
            return verb != "QUIT"

        def take(self) -> bool:
            self.say("354 go on")
            lines = list(iter(self.lines.readline, b".\r\n"))
            step = state.plan.pop(0) if state.plan else "take"
            if step == "cut":
                return False
            if step in ("later", "refuse"):
                self.say("451 later" if step == "later" else "550 no")
                return True
            state.letters.append(message_from_bytes(b"".join(lines), policy=policy.SMTP))  # type: ignore[arg-type]
            state.recipients.append(self.to)
            state.encrypted.append(self.is_encrypted)
            self.say("250 taken")
            return True

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as state.port:
        yield state


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself: with its key for the server, and alone for who trusts it."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both, alone = folder / "server.pem", folder / "ca.pem"
    both.write_bytes(private + public)
    alone.write_bytes(public)
    return both, alone
