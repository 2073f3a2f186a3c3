"""One headless Chromium for all browser tests, and pages that may open nothing but files."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A page that records what it asks for; anything but a file is a fault."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    requests: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    # An edition that stands alone has no status.css beside it, and its pages are whole without it.
    opened.on("requestfailed", lambda request: request.url.endswith("/status.css") or faults.append(request.url))
    yield opened
    opened.close()
    assert requests
    assert [url for url in requests if not url.startswith("file://")] == []
    assert faults == []
