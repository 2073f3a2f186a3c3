"""Words of senders in every place that shows them: nothing of them runs in a page, a workbook, a CSV file or a PDF."""

from __future__ import annotations

import csv
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.component import edition_fixture as made

# What runs in HTML, in JavaScript, in Jinja, in Typst, in Markdown, in SQL, in a spreadsheet.
HOSTILE = (
    '=HYPERLINK("http://x.invalid",1)\'"></td></script><img src=x onerror="window.ran=1">'
    "<script>window.ran=1</script><svg onload=window.ran=1>{{ 7*7 }}{% for x in y %}${7*7}"
    '#eval("7*7")#panic()$x$*b*`_[a](javascript:window.ran=1)'
    "\\'; DROP TABLE dim_division; --"
)
# Columns that hold what senders, or people of a county, have written.
WRITTEN = {
    "dim_division": ("name",),
    "dim_department": ("name",),
    "dim_submission": ("source_name",),
    "fct_claim": ("quote", "sentence", "section_path", "value_text"),
    "fct_statement": ("quote",),
    "fct_finding": ("message_zh", "remedy_zh", "expected", "found", "explanation"),
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    said = HOSTILE.replace("'", "''")
    written = [(table, column) for table, columns in WRITTEN.items() for column in columns]
    change = ";".join(f"UPDATE {table} SET {column} = '{said}' || {column}" for table, column in written)
    return made.make_edition(tmp_path_factory.mktemp("hostile"), change=change)


def test_nothing_runs_on_any_page(tab: Any, edition: Path) -> None:
    asked: list[str] = []
    tab.on("dialog", lambda dialog: asked.append(dialog.message))
    pages = sorted((edition / "site").rglob("*.html"))
    shown = 0
    for path in pages:
        tab.goto(path.as_uri())
        tab.wait_for_load_state()
        assert tab.evaluate("window.ran") is None, path
        assert tab.locator("img[src=x], svg[onload], a[href^='javascript']").count() == 0, path
        shown += "{{ 7*7 }}" in tab.content()
    assert not asked and shown > 5, "the words are shown as they are"


def test_no_cell_of_the_workbook_is_a_formula(edition: Path) -> None:
    books = sorted(edition.rglob("*.xlsx"))
    assert books
    for book in books:
        with zipfile.ZipFile(book) as package:
            sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
            links = [name for name in package.namelist() if "externalLink" in name]
            strings = package.read("xl/sharedStrings.xml")
        assert b"HYPERLINK" in strings and not links
        assert not any(b"HYPERLINK" in sheet for sheet in sheets)


def test_no_field_of_a_csv_file_begins_a_formula(edition: Path) -> None:
    fields = 0
    for path in sorted(edition.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                fields += sum("HYPERLINK" in field for field in row)
                assert not [field for field in row if field.startswith("=")], path
    assert fields


def test_the_bulletin_prints_the_words_and_runs_none(edition: Path) -> None:
    [pdf] = sorted(edition.rglob("*.pdf"))
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    assert "#eval" in "".join(text.split()) and "{{7*7}}" in "".join(text.split())
    [word] = list(edition.rglob("*.docx"))
    with zipfile.ZipFile(word) as package:
        body = package.read("word/document.xml").decode()
    assert "&lt;script&gt;" in body and "<script" not in body
