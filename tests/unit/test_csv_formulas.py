"""No text of an edition's CSV is run by a spreadsheet, whatever nobody sees stands before its sign."""

import re

import duckdb
import pytest

from publish.warehouse import FORMULA_START, csv_columns

BEFORE = ("", " ", "\t", "\r", "\n", "\v", "\x00", "\xa0", "\u3000", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff")
LIVE = [f"{before}{sign}1+1" for before in BEFORE for sign in "=+-@＝＋－＠"]


def in_csv(text: str) -> object:
    columns = csv_columns([("name", "VARCHAR")])
    return duckdb.execute(f"SELECT {columns} FROM (SELECT ? AS name)", [text]).fetchall()[0][0]


@pytest.mark.parametrize("text", LIVE, ids=ascii)
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert in_csv(text) == "'" + text and re.match(FORMULA_START, text)


@pytest.mark.parametrize("text", ["财政局", "a=1", "1-2", "\u3000中-1", "'=1", ""])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert in_csv(text) == text and not re.match(FORMULA_START, text)
