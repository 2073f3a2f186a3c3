"""The second reader over real HTTP, against a stub server in a thread."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingest.documents import read_document
from ingest.reading.claims import Claim
from ingest.reading.report import read_report
from ingest.second_reader import client
from ingest.second_reader.prompt import is_asked
from ingest.second_reader.reader import FAILURES_IN_A_ROW, SecondReader, SecondReading
from ingest.second_reader.settings import Endpoint
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
TEXT = (
    "填报人：张示例\n联系电话：0752-3270000\n"
    "（四）部门整体支出情况\n"
    "年初预算310.00万元，调整后预算300.00万元，支出240.00万元，预算执行率80.00%。\n"
    "（二）部门整体支出目标实现程度及使用绩效\n"
    "新签约项目85宗。\n"
)
CLAIMS = read_report(read_document(TEXT.encode()), 2024, REFERENCE).claims
TIMEOUT = 0.5
Reply = tuple[int, bytes]


@dataclass
class Stub:
    """What the server answers, one reply a request (the last one again and again), and what it was asked."""

    url: str = ""
    replies: list[Callable[[BaseHTTPRequestHandler], Reply | None]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def answers(self, *entries: dict[str, Any]) -> None:
        self.says(json.dumps({"figures": list(entries)}, ensure_ascii=False))

    def says(self, content: str) -> None:
        completion = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        self.sends(200, json.dumps(completion).encode())

    def sends(self, status: int, body: bytes) -> None:
        self.replies.append(lambda _: (status, body))


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            made.questions.append(json.loads(asked) | {"path": self.path})
            made.headers.append(dict(self.headers))
            reply = made.replies.pop(0) if len(made.replies) > 1 else made.replies[0]
            try:
                answer = reply(self)
                if answer:
                    self.send_response(answer[0])
                    self.send_header("Content-Length", str(len(answer[1])))
                    self.end_headers()
                    self.wfile.write(answer[1])
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield made
    server.shutdown()
    server.server_close()


def reader_at(url: str, **changes: Any) -> SecondReader:
    return SecondReader.at(replace(Endpoint(url, "stub-model", None, TIMEOUT, 0.0), **changes), REFERENCE)


def exact(claim: Claim, **changes: Any) -> dict[str, Any]:
    told = {"claim": claim.number, "quote": claim.quote, "start": claim.span_start, "value": str(claim.value)}
    return told | {"unit": claim.unit, "role": claim.role, "subject": claim.subject} | changes


def claim_with(value: int) -> Claim:
    return next(claim for claim in CLAIMS if claim.value == value)


def read(stub: Stub) -> SecondReading:
    return reader_at(stub.url).read(TEXT, CLAIMS)


def reasons(reading: SecondReading) -> set[str | None]:
    asked = {claim.number for claim in CLAIMS if is_asked(claim)}
    return {vote.reason for vote in reading.votes if vote.claim in asked}


def test_exact_answers_agree_in_one_request_a_document(stub: Stub) -> None:
    stub.answers(*(exact(claim) for claim in CLAIMS if is_asked(claim)))
    reading = read(stub)
    assert [vote.outcome for vote in reading.votes] == ["agree"] * len(CLAIMS)
    assert len(stub.questions) == 1 and len(CLAIMS) == 5
    assert (stub.questions[0]["path"], stub.questions[0]["model"]) == ("/v1/chat/completions", "stub-model")


def test_no_personal_data_are_sent(stub: Stub) -> None:
    stub.answers()
    read(stub)
    sent = json.dumps(stub.questions, ensure_ascii=False)
    assert "310.00" in sent
    assert "张示例" not in sent and "3270000" not in sent


def test_the_key_is_sent_from_its_file(stub: Stub, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("k-123\n")
    stub.answers()
    reader_at(stub.url, key_file=key).read(TEXT, CLAIMS)
    assert stub.headers[0]["Authorization"] == "Bearer k-123"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": 1}, ("agree", None)),
        ({"value": "86"}, ("refused", "number_differs")),
        ({"quote": "新签约项目86宗", "value": "86"}, ("refused", "quote_not_found")),
        ({"unit": "家"}, ("refused", "unit_differs")),
        ({"quote": "签约的项目有85宗"}, ("refused", "quote_not_found")),
        ({"role": "target"}, ("disagree", None)),
    ],
    ids=["wrong offset", "last digit of the number", "last digit of the quotation", "wrong unit", "paraphrase", "role"],
)
def test_an_answer_passes_the_gate_or_not(
    stub: Stub, changes: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    claim = claim_with(85)
    stub.answers(exact(claim, **changes))
    [vote] = [vote for vote in read(stub).votes if vote.claim == claim.number]
    assert (vote.outcome, vote.reason) == expected


def test_a_role_that_would_break_an_identity_is_refused(stub: Stub) -> None:
    claim = claim_with(310)
    stub.answers(exact(claim, role="adjusted"))
    [vote] = [vote for vote in read(stub).votes if vote.claim == claim.number]
    assert (vote.outcome, vote.reason) == ("refused", "breaks_identity")


def test_entries_about_no_figure_of_the_document_are_counted_and_dropped(stub: Stub) -> None:
    stub.answers(exact(claim_with(85)), {"claim": 900, "quote": "新增1宗"}, "text")  # type: ignore[arg-type]
    assert read(stub).strays == 2


@pytest.mark.parametrize("content", ["角色如下：目标值", '{"figures": [{"claim": 1,', "null"])
def test_malformed_json_refuses_all_votes(stub: Stub, content: str) -> None:
    stub.says(content)
    reading = read(stub)
    assert (reading.failure, reasons(reading)) == ("answer_malformed", {"answer_malformed"})
    assert len(stub.questions) == 1


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}', b"\xff"]
)
def test_what_is_no_chat_completion_refuses_all_votes(stub: Stub, body: bytes) -> None:
    stub.sends(200, body)
    assert read(stub).failure == "answer_malformed"


def test_a_server_error_is_tried_once_more(stub: Stub) -> None:
    stub.sends(500, b"oops")
    stub.answers(*(exact(claim) for claim in CLAIMS))
    reading = read(stub)
    assert (reading.failure, len(stub.questions)) == ("", 2)
    assert {vote.outcome for vote in reading.votes} == {"agree"}


def test_a_server_error_that_stays_refuses_all_votes(stub: Stub) -> None:
    stub.sends(500, b"oops")
    assert (read(stub).failure, len(stub.questions)) == ("endpoint_busy", 2)


@pytest.mark.parametrize("status", [301, 401, 404])
def test_other_refusals_are_not_tried_again(stub: Stub, status: int) -> None:
    stub.sends(status, b"no")
    assert (read(stub).failure, len(stub.questions)) == ("endpoint_status", 1)


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3 * TIMEOUT)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(TIMEOUT / 5)


@pytest.mark.parametrize("manner", [slow, dripping])
def test_an_answer_that_takes_too_long_refuses_all_votes(
    stub: Stub, manner: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    stub.replies.append(manner)
    assert (read(stub).failure, len(stub.questions)) == ("endpoint_timeout", 2)


def test_an_answer_that_breaks_off_refuses_all_votes(stub: Stub) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    stub.replies.append(broken)
    assert read(stub).failure == "endpoint_unreachable"


@pytest.mark.parametrize("with_length", [True, False])
def test_a_huge_answer_is_not_taken_in(stub: Stub, with_length: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 100_000)

    def huge(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if with_length:
            handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" " * 10_000)

    stub.replies.append(huge)
    assert (read(stub).failure, len(stub.questions)) == ("answer_too_large", 1)


def test_nobody_there_refuses_all_votes_and_asking_ends(stub: Stub) -> None:
    reader = reader_at("http://127.0.0.1:9/v1")
    failures = [reader.read(TEXT, CLAIMS).failure for _ in range(FAILURES_IN_A_ROW + 1)]
    assert failures == ["endpoint_unreachable"] * FAILURES_IN_A_ROW + ["endpoint_given_up"]


def test_an_answer_between_failures_starts_the_count_anew(stub: Stub) -> None:
    stub.sends(401, b"")
    stub.sends(401, b"")
    stub.answers()
    stub.sends(401, b"")
    reader = reader_at(stub.url)
    failures = [reader.read(TEXT, CLAIMS).failure for _ in range(5)]
    assert failures == ["endpoint_status", "endpoint_status", "", "endpoint_status", "endpoint_status"]


def test_a_long_document_is_not_sent(stub: Stub) -> None:
    reading = reader_at(stub.url).read(TEXT + "文" * 60_000, CLAIMS)
    assert (reading.failure, stub.questions) == ("document_too_long", [])


def test_a_document_without_figures_is_not_sent(stub: Stub) -> None:
    assert reader_at(stub.url).read("各项工作正常。", []) == SecondReading(())
    assert stub.questions == []
