"""Laws of the parsers: a figure written in any usual way is read as the same figure, a grid as the same grid."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.documents import numberformats, read_document
from ingest.reading.lexer import chinese_number, tokens_of
from ingest.reading.normalise import normalise
from tests.made_documents import word, workbook

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2)
UNITS = st.sampled_from(["元", "万元", "亿元", "%", "人次", "个"])
FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
POWERS = ("", "十", "百", "千")
CELLS = st.text("自评得分预算执行率产出指标≥（）0123456789.%", min_size=1, max_size=12)
# A table of one cell is a frame around text.
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(AMOUNTS, UNITS, st.booleans(), st.booleans())
def test_a_figure_is_the_same_however_its_digits_are_written(
    amount: Decimal, unit: str, in_groups: bool, full_width: bool
) -> None:
    written = f"{amount:,}{unit}" if in_groups else f"{amount}{unit}"
    text = f"全年共{written.translate(FULL_WIDTH) if full_width else written}。"
    (token,) = (one for one in tokens_of(normalise(read_document(text.encode())).text) if one.kind == "quantity")
    assert (token.value, token.value_high, token.unit) == (amount, None, unit)


@given(st.integers(1, 99_999_999))
def test_a_chinese_numeral_is_the_number_it_was_written_for(number: int) -> None:
    assert chinese_number(numeral(number)) == number


def numeral(number: int) -> str:
    """A number below a hundred million in Chinese, as it is spoken."""
    high, low = divmod(number, 10_000)
    if not high:
        return _below_ten_thousand(low)
    zero = "零" if 0 < low < 1_000 else ""
    return f"{_below_ten_thousand(high)}万{zero}{_below_ten_thousand(low) if low else ''}"


def _below_ten_thousand(number: int) -> str:
    digits = [(int(digit), power) for digit, power in zip(reversed(str(number)), POWERS, strict=False)]
    spoken = "".join("零一二三四五六七八九"[digit] + (power if digit else "") for digit, power in reversed(digits))
    while "零零" in spoken:
        spoken = spoken.replace("零零", "零")
    return spoken.rstrip("零").removeprefix("一" if 10 <= number < 20 else " ")


@given(st.decimals(Decimal("-999999"), Decimal("999999"), places=4))
def test_a_cell_is_shown_as_its_format_rounds_it(number: Decimal) -> None:
    def rounded(value: Decimal) -> Decimal:
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)

    stored = repr(float(number))
    assert Decimal(numberformats.shown(stored, "0.00")) == rounded(number)
    assert Decimal(numberformats.shown(stored, "#,##0.00").replace(",", "")) == rounded(number)
    assert Decimal(numberformats.shown(stored, "0.00%").removesuffix("%")) == rounded(number * 100)


def _word(grid: list[list[str]]) -> bytes:
    def write(document) -> None:  # type: ignore[no-untyped-def]
        table = document.add_table(len(grid), len(grid[0]))
        for line, row in enumerate(grid):
            for place, text in enumerate(row):
                table.cell(line, place).text = text

    return word(write)


def _workbook(grid: list[list[str]]) -> bytes:
    def write(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet()
        for line, row in enumerate(grid):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)

    return workbook(write)


def _page(grid: list[list[str]]) -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in grid)
    return f'<html><meta charset="utf-8"><body><table>{rows}</table></body></html>'.encode()


@pytest.mark.parametrize("made", [_word, _workbook, _page])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(grid=GRIDS)
def test_a_grid_is_read_as_the_same_grid_whatever_holds_it(
    made: Callable[[list[list[str]]], bytes], grid: list[list[str]]
) -> None:
    [table] = read_document(made(grid)).tables
    assert [[cell.text for cell in row] for row in table.rows] == grid
