"""The spotter: every figure of a text as a token, and an account of every digit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from ingest.reading import grammar

CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

YEAR_NAME = re.compile(r"(?:19|20)\d{2}")
CODE = re.compile(r"\d{7,}")


@dataclass(frozen=True)
class Token:
    """A figure, a period or noise, from `start` up to `end` of the normalised text."""

    kind: str  # quantity, period, year, rank, noise
    start: int
    end: int
    id: str
    value: Decimal | None = None
    value_high: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    operator: str = "="
    period: tuple[int, int] | None = None  # first and last month


def tokens_of(text: str) -> list[Token]:
    """All tokens of a text in order. The work grows linearly with the text: one pass of one pattern."""
    return [_token(match) for match in _master().finditer(text)]


@cache
def _master() -> re.Pattern[str]:
    noise = "|".join(f"(?P<n{index}>{row['pattern']})" for index, row in enumerate(grammar.load("noise")))
    surfaces = sorted(grammar.units(), key=len, reverse=True)
    unit = "|".join(re.escape(surface) for surface in surfaces if surface)
    before = "|".join(re.escape(word) for word in _operator_words("before"))
    after = "|".join(re.escape(word) for word in _operator_words("after"))
    month = r"(?P<pyear>\d{4})年度?(?=\d{1,2}(?:-|~|至)\d{1,2}月)|(?P<m1>\d{1,2})(?:-|~|至)(?P<m2>\d{1,2})月份?"
    return re.compile(
        rf"{month}|(?P<month>\d{{4}}年\d{{1,2}}月(?!\d)|\d{{1,2}}月份?(?!\d)(?=[^-~至]))|(?P<year>(?<!\d)(?:19|20)\d{{2}}年)"
        rf"|(?P<rank>第\d+位|第[一二三四五六七八九十]位?(?=[，。；)、])|第\d+(?=[，。；)]))|{noise}"
        rf"|(?:(?P<before>{before}))?(?:(?P<chinese>百分之[零一二三四五六七八九十百点]+)"
        rf"|(?P<low>-?(?:{NUMBER}))(?:(?P<lowpct>%)?(?:-|~|至)(?P<high>{NUMBER}))?(?P<more>余|多)?(?P<unit>{unit})?)(?P<after>{after})?"
    )


def _operator_words(side: str) -> list[str]:
    table = grammar.load("operators")[side]
    return sorted((word for words in table.values() for word in words), key=len, reverse=True)


@cache
def _operator_of() -> dict[str, str]:
    data = grammar.load("operators")
    return {word: sign for side in ("before", "after") for sign, words in data[side].items() for word in words}


@cache
def _noise_ids() -> tuple[str, ...]:
    return tuple(row["id"] for row in grammar.load("noise"))


def _token(match: re.Match[str]) -> Token:
    span = match.span()
    if match["pyear"] or match["year"]:
        return Token("year", *span, "lexer.year", Decimal(match["pyear"] or match["year"][:4]))
    if match["m1"]:
        return Token("period", *span, "lexer.months", period=(int(match["m1"]), int(match["m2"])))
    if match["rank"]:
        return Token("rank", *span, "lexer.rank", _rank(match["rank"]))
    noise = "noise.month" if match["month"] else _noise(match)
    return Token("noise", *span, noise) if noise else _quantity(match)


def _noise(match: re.Match[str]) -> str | None:
    return next((name for index, name in enumerate(_noise_ids()) if match[f"n{index}"] is not None), None)


def _quantity(match: re.Match[str]) -> Token:
    words = [word for word in (match["before"], match["after"]) if word]
    operator = _operator_of()[words[0]] if words else "="
    if match["chinese"]:
        value = chinese_number(match["chinese"].removeprefix("百分之"))
        return Token("quantity", *match.span(), "lexer.chinese_percent", value, None, 0, "%", operator)
    low, high = match["low"].replace(",", ""), match["high"]
    decimals = len(low.partition(".")[2])
    unit = match["unit"] or ("%" if match["lowpct"] else "")
    if high:
        operator = "range"
    elif match["more"] and operator == "=":
        operator = ">"
    top = Decimal(high.replace(",", "")) if high else None
    if not unit and not words and not high and (YEAR_NAME.fullmatch(low) or CODE.fullmatch(low)):
        return Token("noise", *match.span(), "noise.year_name" if len(low) == 4 else "noise.code")
    return Token("quantity", *match.span(), "lexer.quantity", Decimal(low), top, decimals, unit, operator)


def chinese_number(text: str) -> Decimal:
    """A Chinese numeral up to 百 with decimals: 九十五, 一百, 九十八点五."""
    whole, _, fraction = text.partition("点")
    total, digit = 0, 0
    for character in whole:
        if character == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = CHINESE_DIGITS.get(character, 0)
    decimals = "".join(str(CHINESE_DIGITS.get(character, 0)) for character in fraction)
    return Decimal(f"{total + digit}.{decimals or 0}") if decimals else Decimal(total + digit)


def _rank(text: str) -> Decimal:
    digits = "".join(character for character in text if character.isdigit() and character.isascii())
    return Decimal(digits) if digits else chinese_number(text.strip("第位"))


def period_of(year: int, first_month: int = 1, last_month: int = 12) -> tuple[date, date]:
    """First and last day of a span of months in one year."""
    last = date(year + last_month // 12, last_month % 12 + 1, 1)
    return date(year, first_month, 1), date.fromordinal(last.toordinal() - 1)
