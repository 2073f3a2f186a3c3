"""The comparison of divisions, from a folder: chosen by address or by name, drawn as a chart, told as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.component import edition_fixture as made

HISTORY = {
    "nights": {"1": "2026-11-20", "2": "2026-11-21", "3": "2026-11-22"},
    "divisions": {
        "c1": {"2024": [[1, 2, 84.1], [3, 1, 87.13]]},
        "c2": {"2024": [[2, 1, 86.0], [3, None, None]]},
    },
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition with a history of three nights."""
    edition = made.make_edition(tmp_path_factory.mktemp("edition"))
    text = f"window.jihengHistory={json.dumps(HISTORY)};\n"
    (edition / "site" / "history.js").write_text(text, encoding="utf-8")
    return edition / "site"


def table(tab: Any) -> list[list[str]]:
    found: list[list[str]] = tab.eval_on_selector_all(
        "#figures tr", "rows => rows.map(row => Array.from(row.cells).map(cell => cell.textContent))"
    )
    return found


def test_the_address_chooses_and_the_table_says_what_the_chart_draws(pages: Path, tab: Any) -> None:
    tab.goto((pages / "compare.html").as_uri() + "?d=c1~c2~nobody&y=2024")
    assert table(tab) == [
        ["日期", "一县", "二县"],
        ["2026-11-22", "87.13 · 1", "未排名"],
        ["2026-11-21", "84.10 · 2", "86.00 · 1"],
        ["2026-11-20", "84.10 · 2", "未排名"],
    ]
    drawn = tab.locator("#drawing svg")
    assert drawn.count() == 1
    assert "一县" in drawn.text_content() and "二县" in drawn.text_content()


def test_a_division_is_added_by_its_name_and_taken_away_again(pages: Path, tab: Any) -> None:
    tab.goto((pages / "en" / "compare.html").as_uri())
    assert tab.inner_text("#chosen") == "No division is chosen yet."
    tab.fill("#add", "一县")
    assert [row[1] for row in table(tab)] == ["一县", "87.13 · 1", "84.10 · 2", "84.10 · 2"]
    assert tab.url.endswith("?d=c1&y=2024")
    tab.click("#chosen button")
    assert tab.is_hidden("#figures") and tab.is_hidden("#drawing")


def test_without_javascript_the_page_says_so(pages: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((pages / "compare.html").as_uri())
    assert "需要 JavaScript" in opened.inner_text("noscript")
    assert opened.is_hidden("#compare")
    context.close()
