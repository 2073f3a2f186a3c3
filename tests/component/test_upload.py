"""The upload over real HTTP, served by processes of their own that are also cut off and killed."""

import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from upath import UPath

from ingest.channels.places import Place, offers_in
from ingest.intake import Intake
from ingest.receipts import folder_of, write_receipt
from ingest.receipts.receipt import receipt_of_refusal
from ingest.upload import app as upload_app
from ingest.upload.limits import Limits
from ingest.upload.tokens import TokenBook
from jiheng.settings import PROJECT_ROOT, Settings

MIB = 1024 * 1024
REPORT = "示例县教育局部门整体支出绩效自评报告\n（2024年度）\n年初预算100万元。自评结果为90分，等级为优。\n"
DIVISIONS = (
    "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key,map_parent_key,"
    "province_key,valid_from,valid_to,source\n"
    "d1,,,示例县,,county,东部,county,,,p1,2018-01-01,,test\n"
    "d2,,,邻县,,county,东部,county,,,p1,2018-01-01,,test\n"
)


@dataclass
class Served:
    """A home with one server process on it, and what tests say to it."""

    home: Path
    process: subprocess.Popen[bytes]
    port: int

    @property
    def settings(self) -> Settings:
        return Settings(self.home)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/jiheng/submissions"

    @property
    def visible(self) -> list[Path]:
        return [Path(one.address) for one in offers_in(Place(UPath(self.settings.uploads), "upload"), ())]

    @property
    def log(self) -> str:
        return (self.home / f"server-{self.port}.log").read_text(errors="replace")

    def token(self, division: str = "d1", until: date = date(2999, 12, 31), issued: datetime | None = None) -> str:
        moment = issued or datetime.now(UTC)
        return TokenBook(self.settings.upload_tokens).issue(division, "经办人", until, moment)[0]

    def send(self, token: str, content: bytes, name: str = "自评报告.txt") -> httpx.Response:
        return httpx.post(self.url, files={"file": (name, content)}, headers=bearer(token), timeout=30)

    def ask(self, token: str, path: str = "") -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=bearer(token))

    def raw(self, token: str, head: str, *parts: bytes) -> socket.socket:
        """A connection on which a request is begun by hand."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        lines = ("POST /jiheng/submissions HTTP/1.1", "Host: test", f"Authorization: Bearer {token}", head, "", "")
        connection.sendall("\r\n".join(lines).encode())
        for part in parts:
            connection.sendall(part)
        return connection


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[subprocess.Popen[bytes]] = []
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")

    def start(**limits: int) -> Served:
        port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_")}
        limited = {f"JIHENG_UPLOAD_{name.upper()}": str(value) for name, value in limits.items()}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "ingest.upload", "--port", str(port)],
                cwd=PROJECT_ROOT,
                env=clean | limited | {"JIHENG_HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
                stdout=(tmp_path / f"server-{port}.log").open("wb"),
                stderr=subprocess.STDOUT,
            )
        )
        served = Served(tmp_path, started[-1], port)
        wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close() or True)
        return served

    yield start
    for process in started:
        process.kill()
        process.wait(timeout=10)


def wait_for(look: Callable[[], Any], seconds: float = 15) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = look()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def head_of(connection: socket.socket) -> str:
    """The status line, headers and what came with them."""
    return connection.recv(65_536).decode()


MULTIPART = "Content-Type: multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n'


def test_an_upload_is_taken_and_its_receipt_comes_back(serve: Callable[..., Served]) -> None:
    server = serve()
    token = server.token()
    sent = server.send(token, REPORT.encode())
    answer = sent.json()
    assert sent.status_code == 202 and answer["state"] == "received"
    assert answer["sha256"] == hashlib.sha256(REPORT.encode()).hexdigest()
    assert answer["size_bytes"] == len(REPORT.encode()) and answer["file_name"] == "自评报告.txt"
    path = server.settings.uploads / "d1" / answer["upload_id"] / "自评报告.txt"
    assert path.read_text(encoding="utf-8") == REPORT
    own = f"/{answer['upload_id']}"
    assert sent.headers["location"] == answer["status_url"] == f"/jiheng/submissions{own}"
    assert server.ask(token, own).json()["state"] == "received"
    assert server.ask(token, f"{own}/receipt.html").json()["code"] == "NOT_READ_YET"

    write_receipt(server.settings.receipts, receipt_of(f"upload/d1/{answer['upload_id']}/自评报告.txt"))
    told = server.ask(token, own).json()
    assert told["state"] == told["receipt"]["verdict"] == "quarantined"
    assert told["receipt"]["reason"] == "文件是空的"
    page = httpx.get(f"http://127.0.0.1:{server.port}{told['receipt_html_url']}", headers=bearer(token))
    assert (
        page.status_code == 200 and "文件是空的" in page.text and "sandbox" in page.headers["content-security-policy"]
    )
    assert page.headers["content-disposition"].startswith("attachment")
    book = httpx.get(f"http://127.0.0.1:{server.port}{told['receipt_xlsx_url']}", headers=bearer(token))
    assert book.content.startswith(b"PK")


def receipt_of(source_name: str) -> dict[str, Any]:
    arrival = {
        "arrival_id": "a1",
        "source_name": source_name,
        "sha256": "0",
        "received_at": "2026-03-01T04:00:00+00:00",
    }
    return receipt_of_refusal(arrival | {"reason_code": "EMPTY_FILE", "reason_zh": "文件是空的", "detail": None})


def test_the_intake_reads_an_upload_and_the_sender_sees_the_verdict(
    serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upload is laid into an inbox under its source name, whoever makes the intake look there."""
    server = serve()
    token = server.token()
    own = f"/{server.send(token, REPORT.encode()).json()['upload_id']}"
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_RECEIPTS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(server.settings.uploads, server.settings.inbox / "upload")
    run = Intake(server.settings, "night", datetime.now(UTC))
    run.take_in()
    run.read_and_check()
    assert run.land().received >= 1
    told = server.ask(token, own).json()
    assert told["state"] in ("accepted", "accepted_with_findings", "returned")
    assert told["receipt"]["department"] == "示例县教育局" and told["receipt"]["sha256"] == told["sha256"]


def test_nobody_gets_in_without_a_token_that_holds(serve: Callable[..., Served]) -> None:
    server = serve()
    over = server.token(until=date(2026, 1, 31), issued=datetime(2026, 1, 1, tzinfo=UTC))
    revoked = server.token()
    book = TokenBook(server.settings.upload_tokens)
    book.revoke(book.tokens()[-1].token_id, "处长", "遗失", datetime.now(UTC))
    answers = [server.send(token, b"x") for token in (over, revoked, "wrong", "令牌".encode().hex())]
    answers += [httpx.post(server.url, content=b"x"), httpx.get(server.url)]
    odd = ("Bearer", "", f"Basic {server.token()}", server.token(), "Bearer 令牌".encode())
    answers += [httpx.get(server.url, headers={"Authorization": value}) for value in odd]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == "Bearer"
    assert not server.settings.uploads.exists()


def test_every_route_asks_for_a_token(tmp_path: Path) -> None:
    """Also one that somebody adds: the app is asked for all it has."""
    made = upload_app.make_app(Settings(tmp_path), Limits())
    paths = [(route.path, method) for route in made.app.routes for method in route.methods]
    assert ("/submissions/{upload_id}", "GET") in paths and ("/submissions", "POST") in paths and len(paths) == 4

    async def ask_all() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://test") as client:
            asked = [await client.request(method, path.format(upload_id="x", ending="html")) for path, method in paths]
        return [answer.status_code for answer in asked]

    # In a thread of its own: other tests of the same process may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(ask_all())).result() == [401] * len(paths)


def test_under_a_wrong_clock_nothing_is_taken(tmp_path: Path) -> None:
    """When a file came is in its upload's id; a wrong time there would make a report late, or not."""
    settings = Settings(tmp_path)
    until = datetime.now(UTC).date() + timedelta(days=9)
    secret, _ = TokenBook(settings.upload_tokens).issue("d1", "处长", until, datetime.now(UTC))
    made = upload_app.make_app(settings, Limits(), lambda _: False)

    async def hand_in() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://test") as client:
            headers = {"Authorization": f"Bearer {secret}"}
            return await client.post("/submissions", files={"file": ("报告.txt", b"x")}, headers=headers)

    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(lambda: asyncio.run(hand_in())).result()
    assert (answer.status_code, answer.json()["code"]) == (503, "CLOCK")
    assert not settings.uploads.exists()


def test_another_division_sees_nothing_of_it(serve: Callable[..., Served]) -> None:
    server = serve()
    own, stranger = server.token("d1"), server.token("d2")
    upload_id = server.send(own, REPORT.encode()).json()["upload_id"]
    write_receipt(server.settings.receipts, receipt_of(f"upload/d1/{upload_id}/自评报告.txt"))
    never = "20260101T000000Z-0123456789abcdef"
    for ending in ("", "/receipt.html", "/receipt.xlsx"):
        foreign, absent = (server.ask(stranger, f"/{one}{ending}") for one in (upload_id, never))
        assert (foreign.status_code, foreign.text) == (absent.status_code, absent.text)
        assert foreign.status_code == 404 and foreign.json()["code"] == "NOT_FOUND"
    assert server.ask(stranger).json()["submissions"] == []
    assert server.ask(own, f"/{upload_id}/receipt.exe").status_code == 404
    assert server.ask(own, "/../../upload_tokens.jsonl").status_code == 404
    assert server.ask(own, "/..%2F..%2Fupload_tokens.jsonl").status_code == 404


def test_the_same_file_again_is_the_same_upload_and_lists_are_paged(serve: Callable[..., Served]) -> None:
    server = serve()
    token = server.token()
    sent = [server.send(token, f"第{n}份".encode()).json()["upload_id"] for n in range(5)]
    again = server.send(token, "第2份".encode(), "另名.txt")
    assert again.status_code == 200 and again.json()["upload_id"] == sent[2]
    assert again.json()["file_name"] == "自评报告.txt"
    listed, url = [], "/jiheng/submissions?limit=2"
    while url:
        page = httpx.get(f"http://127.0.0.1:{server.port}{url}", headers=bearer(token)).json()
        listed += [row["upload_id"] for row in page["submissions"]]
        url = page["next_url"]
    assert listed == sorted(sent, reverse=True)
    for wrong in ("?limit=0", "?limit=201", "?limit=x", "?before=../d2"):
        assert server.ask(token, wrong).json()["code"] == "BAD_REQUEST"


def test_what_is_too_large_is_refused_as_soon_as_it_shows(serve: Callable[..., Served]) -> None:
    server = serve(mib=1)
    token = server.token()
    declared = server.raw(token, f"{MULTIPART}\r\nContent-Length: {100 * MIB}")
    assert "413 " in head_of(declared)

    streamed = server.raw(token, f"{MULTIPART}\r\nTransfer-Encoding: chunked", chunk(PART % b"a.txt"))
    for _ in range(17):
        streamed.sendall(chunk(b"x" * 65_536))
    assert "413 " in head_of(streamed)

    for size, status in ((MIB, 202), (MIB + 1, 413), (3 * MIB, 413)):
        answer = server.send(token, random.Random(size).randbytes(size))
        assert answer.status_code == status
    assert answer.json()["limit_bytes"] == MIB
    assert [path.stat().st_size for path in server.visible] == [MIB]


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def test_what_is_no_file_is_refused_in_words(serve: Callable[..., Served]) -> None:
    server = serve()
    token, url = server.token(), server.url
    assert server.send(token, b"").json()["code"] == "EMPTY"
    answers = {
        "no multipart": httpx.post(url, headers=bearer(token), content=b"x"),
        "nothing": httpx.post(url, headers=bearer(token) | {"Content-Type": "multipart/form-data; boundary=b"}),
        "no boundary": httpx.post(url, headers=bearer(token) | {"Content-Type": "multipart/form-data"}, content=b"x"),
        "a text": httpx.post(url, headers=bearer(token), files={"file": (None, b"x")}),
        "another field": httpx.post(url, headers=bearer(token), files={"report": ("a.txt", b"x")}),
        "two": httpx.post(url, headers=bearer(token), files=[("file", ("a", b"x")), ("file", ("b", b"y"))]),
        "no end": httpx.post(url, headers=bearer(token) | kind(), content=PART % b"a.txt" + b"half"),
        "a method": httpx.delete(url, headers=bearer(token)),
        "a place": httpx.get(f"http://127.0.0.1:{server.port}/jiheng/nowhere", headers=bearer(token)),
    }
    codes = {name: (answer.status_code, answer.json()["code"]) for name, answer in answers.items()}
    assert codes.pop("no multipart") == (415, "NOT_MULTIPART")
    assert codes.pop("a method") == (405, "NOT_ALLOWED")
    assert codes.pop("a place") == (404, "NOT_FOUND")
    assert set(codes.values()) == {(400, "NO_FILE")}, codes
    for answer in answers.values():
        assert {"message_zh", "message_en", "help_zh", "help_en"} < answer.json().keys()
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers and "access-control-allow-origin" not in answer.headers
    assert server.visible == []


def kind() -> dict[str, str]:
    name, _, value = MULTIPART.partition(": ")
    return {name: value}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"../../../../tmp/x.txt", "x.txt"),
        (b"/etc/cron.d/x", "x"),
        (b"..\\..\\x.txt", "x.txt"),
        ("自评报告.docx".encode("gb18030"), "自评报告.docx"),
        ("自评\u202etxt.exe".encode(), "自评txt.exe"),
        (b".lock", "lock"),
        (b"x.part", "x_part"),
        (b"", "未命名"),
        ("报".encode() * 400 + b".docx", "报" * 65 + ".docx"),
    ],
)
def test_names_lead_nowhere_else(serve: Callable[..., Served], sent: bytes, kept: str) -> None:
    server = serve()
    body = PART % sent + b"x\r\n--b--\r\n"
    answer = httpx.post(server.url, headers=bearer(server.token()) | kind(), content=body)
    assert answer.status_code == 202 and answer.json()["file_name"] == kept
    assert [path.relative_to(server.settings.uploads).parts for path in server.visible] == [
        ("d1", answer.json()["upload_id"], kept)
    ]


def test_half_an_upload_that_is_cut_off_leaves_nothing(serve: Callable[..., Served]) -> None:
    server = serve()
    connection = server.raw(
        server.token(), f"{MULTIPART}\r\nContent-Length: {8 * MIB}", PART % b"a.txt", b"x" * 4 * MIB
    )
    time.sleep(0.3)
    assert server.visible == []
    connection.close()
    wait_for(lambda: "CUT_OFF" in server.log)
    assert not server.settings.uploads.exists() and "Traceback" not in server.log


def test_an_upload_that_dawdles_is_given_up(serve: Callable[..., Served]) -> None:
    server = serve(seconds=1)
    connection = server.raw(server.token(), f"{MULTIPART}\r\nContent-Length: 1000", PART % b"a.txt")
    answer = connection.makefile("rb").read()
    assert b" 408 " in answer and b"TOO_SLOW" in answer
    assert server.visible == []


def test_seventy_in_a_row_meet_the_limit(serve: Callable[..., Served]) -> None:
    server = serve()
    token = server.token()
    answers = [server.send(token, f"第{n}份".encode()) for n in range(70)]
    assert [answer.status_code for answer in answers] == [202] * 60 + [429] * 10
    wait = answers[-1].json()["retry_after_seconds"]
    assert answers[-1].headers["retry-after"] == str(wait) and 3_500 < wait <= 3_600
    assert len(server.visible) == 60
    assert server.send(server.token("d2"), b"x").status_code == 202
    assert len(server.ask(token).json()["submissions"]) == 50


def test_two_servers_at_once_keep_the_limit_together(serve: Callable[..., Served]) -> None:
    servers = [serve(an_hour=10), serve(an_hour=10)]
    token = servers[0].token()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(servers[n % 2].send, token, f"第{n}份".encode()) for n in range(30)]
        same = [pool.submit(servers[n % 2].send, servers[0].token("d2"), b"the same bytes") for n in range(8)]
    statuses = sorted(one.result().status_code for one in sent)
    assert statuses == [202] * 10 + [429] * 20
    assert sorted(one.result().status_code for one in same) == [200] * 7 + [202]
    assert len({one.result().json()["upload_id"] for one in same}) == 1
    assert len(servers[0].visible) == 11


def test_a_server_killed_while_it_takes_or_stores_a_file_leaves_nothing_half_read(serve: Callable[..., Served]) -> None:
    """Killed as soon as a file begins to come, and as soon as anything of it lies in the division's folder."""
    content = random.Random(1).randbytes(48 * MIB)
    digest = hashlib.sha256(content).hexdigest()

    def stored(server: Served) -> bool:
        folder = server.settings.uploads / "d1"
        return folder.is_dir() and any(path.name != ".lock" for path in folder.rglob("*"))

    stages: list[Callable[[Served], bool]] = [lambda _: time.sleep(0.1) is None, stored, stored, stored]
    for reached in stages:
        server = serve()
        token = server.token()
        shutil.rmtree(server.settings.uploads, ignore_errors=True)
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(server.send, token, content)
            while not reached(server):
                pass
            os.kill(server.process.pid, signal.SIGKILL)
            assert sent.exception() is not None
        assert [path for path in server.visible if hashlib.sha256(path.read_bytes()).hexdigest() != digest] == []
    server = serve()
    assert server.send(server.token(), content).status_code in (200, 202)
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in server.visible} == {digest}
    assert not list(server.settings.uploads.glob("*/.incoming-*"))


def test_logs_know_the_division_and_the_upload_but_no_token_and_no_name(serve: Callable[..., Served]) -> None:
    server = serve()
    token = server.token()
    answer = server.send(token, b"x", "张三13800000000.txt").json()
    server.send("wrong-token-of-somebody", b"x")
    wait_for(lambda: "UNAUTHORISED" in server.log)
    assert answer["upload_id"] in server.log and "d1" in server.log
    for secret in (token, "wrong-token", "张三", "13800000000"):
        assert secret not in server.log


def test_a_fault_of_ours_says_nothing_of_itself(serve: Callable[..., Served]) -> None:
    server = serve()
    token = server.token()
    upload_id = server.send(token, b"x").json()["upload_id"]
    folder = folder_of(server.settings.receipts, f"upload/d1/{upload_id}/自评报告.txt")
    folder.mkdir(parents=True)
    (folder / "a.html").write_text("")
    (folder / "a.json").write_text("no json")
    answer = server.ask(token, f"/{upload_id}")
    assert answer.status_code == 500 and answer.json()["code"] == "FAULT"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert str(server.home) not in answer.text
    wait_for(lambda: "Traceback" in server.log)
    (folder / "a.json").unlink()
    assert server.ask(token, f"/{upload_id}").json()["code"] == "UNAVAILABLE"
    server.settings.upload_tokens.write_text("no token\n")
    assert server.ask(token).json()["code"] == "UNAVAILABLE"


def run_command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_")}
    return subprocess.run(
        [sys.executable, "-m", "jiheng", "token", *arguments],
        cwd=PROJECT_ROOT,
        env=clean | {"JIHENG_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_tokens_are_issued_listed_and_revoked_by_command(serve: Callable[..., Served]) -> None:
    server = serve()
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    issued = run_command(server.home, "issue", "d1", "--by", "经办人", "--until", until)
    token = issued.stdout.strip()
    assert issued.returncode == 0 and token.startswith("jiheng_") and "示例县" in issued.stderr
    assert server.send(token, b"x").status_code == 202
    [row] = json.loads(run_command(server.home, "list", "--json").stdout)
    assert row["state"] == "valid" and token not in json.dumps(row)
    assert row["token_id"] in run_command(server.home, "list").stdout
    ended = run_command(server.home, "revoke", row["token_id"], "--by", "处长", "--reason", "人员调离")
    assert ended.returncode == 0
    assert server.send(token, b"y").status_code == 401
    for wrong in (("nowhere", until), ("d1", "2020-01-01"), ("d1", "31.3.2027")):
        refused = run_command(server.home, "issue", wrong[0], "--by", "甲", "--until", wrong[1])
        assert refused.returncode == 2 and "error[E2006]" in refused.stderr and not refused.stdout
