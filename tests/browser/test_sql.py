"""The SQL page in a real browser, against a server on this machine that answers ranges of bytes as nginx does."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import duckdb
import pytest

from jiheng.settings import PROJECT_ROOT
from publish.site import sql
from tests.component import edition_fixture as made
from tests.conftest import missing

PATIENCE = 60_000


class Ranges(SimpleHTTPRequestHandler):
    """Files with ranges of bytes; every request is kept."""

    asked: ClassVar[list[tuple[str, str]]] = []
    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm"}

    def do_GET(self) -> None:
        self.give(with_content=True)

    def do_HEAD(self) -> None:
        self.give(with_content=False)

    def give(self, with_content: bool) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        self.asked.append((self.path, self.headers.get("Range", "")))
        path = Path(self.translate_path(self.path))
        if not wanted or not path.is_file():
            _ = super().do_GET() if with_content else super().do_HEAD()
            return
        size = path.stat().st_size
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        if not with_content:
            return
        with path.open("rb") as stream:
            stream.seek(first)
            self.wfile.write(stream.read(last - first + 1))

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """The test keeps what it needs; nothing goes to the screen."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one edition and, beside it, what the page runs, installed as an operator does."""
    if not shutil.which("npm"):
        missing("npm is not here: make sql-page needs it")
    home = tmp_path_factory.mktemp("home")
    edition = made.make_edition(home / "editions")
    edition.rename(home / "editions" / "e1")
    subprocess.run(["make", "--silent", "sql-page", f"JIHENG_HOME={home}"], cwd=PROJECT_ROOT, check=True)
    return home


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(home / "editions")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(browser: Any, served: str) -> Iterator[Any]:
    """A page that may ask this machine only."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    requests: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.close()
    assert [url for url in requests if not url.startswith((served, "blob:", "file:"))] == []
    assert faults == []


def answer(page: Any) -> tuple[list[str], list[list[str]]]:
    page.wait_for_selector("#result:not([hidden]) tbody", timeout=PATIENCE)
    names = page.eval_on_selector_all("#result thead th", "found => found.map(one => one.textContent)")
    rows = page.eval_on_selector_all(
        "#result tbody tr", "found => found.map(row => Array.from(row.cells).map(cell => cell.textContent))"
    )
    return names, rows


def test_ask_with_the_keyboard_and_get_what_the_warehouse_holds(page: Any, served: str, home: Path) -> None:
    page.goto(f"{served}/e1/site/sql.html")
    page.wait_for_selector("#run:enabled", timeout=PATIENCE)
    query = "select division_key, score, rank from rank_division order by division_key, fiscal_year, method_id"
    page.fill("#query", query + ";")
    page.press("#query", "Control+Enter")
    names, rows = answer(page)
    with duckdb.connect(str(home / "editions" / "e1" / "warehouse.duckdb"), read_only=True) as con:
        truth = con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({query})").fetchall()
    assert names == ["division_key", "score", "rank"]
    assert rows == [["空" if value is None else value for value in row] for row in truth]
    assert page.url.endswith("#q=" + quote(query + ";", safe="!'()*~-_."))
    read = [ranges for path, ranges in Ranges.asked if path.endswith("warehouse.duckdb")]
    assert read and all(ranges.startswith("bytes=") for ranges in read), "read piece by piece, never whole"


def test_an_address_carries_its_query_and_the_result_is_saved_for_excel(page: Any, served: str) -> None:
    asked = (
        "select 1.50::decimal(4,2) as a, '甲' as b, '=1+1' as c, null as d, timestamptz '2026-11-22 01:00:00+00' as e"
    )
    page.goto(f"{served}/e1/site/en/sql.html#q={quote(asked)}")
    names, rows = answer(page)
    assert names == list("abcde")
    assert rows == [["1.50", "甲", "=1+1", "null", "2026-11-22 01:00:00+00"]]
    with page.expect_download() as download:
        page.click("#save")
    content = Path(download.value.path()).read_bytes()
    assert content.decode("utf-8") == '\ufeff"a","b","c","d","e"\r\n"1.50","甲","\'=1+1",,"2026-11-22 01:00:00+00"\r\n'
    assert download.value.suggested_filename == "e1.csv"


def test_every_example_runs(page: Any, served: str) -> None:
    page.goto(f"{served}/e1/site/sql.html")
    page.wait_for_selector("#run:enabled", timeout=PATIENCE)
    buttons = page.query_selector_all(".example")
    assert len(buttons) == len(sql.examples()) >= 5
    for button in buttons:
        button.click()
        page.wait_for_selector("#run:enabled", timeout=PATIENCE)
        assert page.is_hidden("#trouble"), page.inner_text("#trouble")
        assert page.is_visible("#result")


def test_a_mistake_is_told_calmly_nothing_can_be_changed_and_rows_are_limited(page: Any, served: str) -> None:
    page.goto(f"{served}/e1/site/sql.html")
    page.wait_for_selector("#run:enabled", timeout=PATIENCE)
    for query, told in (("select * from no_such_table", "no_such_table"), ("delete from rank_division", "delete")):
        page.fill("#query", query)
        page.click("#run")
        page.wait_for_selector("#trouble:not([hidden])")
        assert "这条查询没有执行" in page.inner_text("#trouble")
        assert told in page.inner_text("#trouble").lower()
    page.fill("#query", "select * from range(2500)")
    page.click("#run")
    _, rows = answer(page)
    assert len(rows) == 1000
    assert "只显示前 1000 行" in page.inner_text("#state")


def test_from_a_folder_and_without_the_program_it_says_what_to_do(page: Any, home: Path, served: str) -> None:
    page.goto((home / "editions" / "e1" / "site" / "sql.html").as_uri())
    assert "浏览器不允许查询" in page.inner_text("#trouble")
    page.route("**/assets/**", lambda route: route.fulfill(status=404))
    page.goto(f"{served}/e1/site/en/sql.html")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "make sql-page" in page.inner_text("#trouble")
    assert page.query_selector("details.schema code"), "the tables are described all the same"
