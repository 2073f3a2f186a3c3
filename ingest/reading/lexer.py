"""The spotter: every figure of a text as a token, and an account of every digit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from ingest.reading import grammar

CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"\d{1,3}(?: \d{3})+(?:\.\d+)?(?! ?\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Digits, letters, numerals and marks that begin a token; every noise row has an example that a test reads.
STARTS = (
    "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz一二三四五六七八九十两百千第前截█[〔(（【“‘《:："
)
TO = r"(?:-|~|至)"

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
    pattern = f"{_period_pattern()}|{_rank_pattern()}|{noise}|{_quantity_pattern()}"
    # Most characters begin no token: one look at the character spares the many alternatives behind it.
    return re.compile(f"(?=[{re.escape(_first_characters())}])(?:{pattern})")


def _first_characters() -> str:
    """The characters that a token may begin with: digits, numerals, brackets, the first ones of the grammar's words."""
    words = [row["words"] for row in grammar.load("periods")] + _operator_words("before")
    return "".join(sorted(set(STARTS) | {word[0] for word in words}))


def _period_pattern() -> str:
    words = "|".join(row["words"] for row in grammar.load("periods"))
    return (
        r"截(?:至|止|至到)(?:(?P<until_year>\d{4})年)?(?P<until>\d{1,2})月(?:\d{1,2}日|底|末|份)?"
        rf"|(?P<period_year>\d{{4}})年度?(?=\d{{1,2}}月?{TO}\d{{1,2}}月)"
        rf"|(?P<month_first>\d{{1,2}})月?{TO}(?P<month_last>\d{{1,2}})月份?"
        rf"|前(?P<months>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})个月|(?P<part>{words})"
        r"|(?P<month>\d{4}年\d{1,2}月(?:底|末|份)?(?!\d)|\d{1,2}月(?:份|底|末)?(?!\d)(?=[^-~至]|$))"
        r"|(?P<year>(?<!\d)(?:19|20)\d{2}年)(?!\d{0,2}(?:-|~|至|到)(?:19|20))"
    )


def _rank_pattern() -> str:
    numeral, stop = "[一二三四五六七八九十]{1,3}", f"(?=[，。；、)]|$|{grammar.load('units')['rank_moves']})"
    return (
        rf"(?P<rank>第(?:\d+|{numeral})[位名](?![{grammar.load('units')['no_rank_before']}])"
        rf"|第{numeral}(?=[，。；)]|$|{grammar.load('units')['rank_moves']})|(?<=[列居排名位])第{numeral}(?=、)|第\d+{stop}|前{numeral}(?:位|名)?{stop})"
    )


def _quantity_pattern() -> str:
    before, after = _operator_pattern(), _any_of(_operator_words("after"))
    forms = "|".join((_percent_in_words_pattern(), _tenths_pattern(), _in_words_pattern(), _in_digits_pattern()))
    return f"(?:(?P<before>{before}))?(?:{forms})(?P<after>{after})?"


def _operator_pattern() -> str:
    """The operators before a number, but not where one is only the end of another word (签约)."""
    ends = grammar.load("operators")["never_behind"]
    words = sorted(_operator_words("before"), key=len, reverse=True)
    return "|".join(f"(?<![{ends[word]}]){word}" if word in ends else re.escape(word) for word in words)


def _percent_in_words_pattern() -> str:
    return r"百分之(?P<percent>[零一二三四五六七八九十百点]+)"


def _tenths_pattern() -> str:
    none = grammar.load("units")["no_tenths_before"]
    return rf"(?<![十百千第])(?P<tenths>[二两三四五六七八九]成[一二三四五六七八九]?)(?![{none}])"


def _in_words_pattern() -> str:
    """A Chinese numeral, from two on, with a unit that such numerals count."""
    first = r"(?:[二两三四五六七八九]|[一二三四五六七八九]?十|[一二三四五六七八九两][百千万])"
    units = _any_of(grammar.load("units")["counted_in_words"])
    return (
        rf"(?<!第)(?P<words>{first}[零一二三四五六七八九十百千万]{{0,8}})(?P<words_more>余|多)?(?P<words_unit>{units})"
    )


def _in_digits_pattern() -> str:
    """A number or a range of two with a unit, which may be counted for something (元/人)."""
    data, unit = grammar.load("units"), _any_of(grammar.units())
    counted = [family for family in data["bases"] if family not in ("score", "ratio")]
    base = _any_of(base for family in counted for base in data["bases"][family])
    multiplier, per = _any_of(data["multipliers"]), _any_of(data["per"])
    return (
        rf"(?P<low>(?:(?<![0-9A-Za-z%])-)?(?:{NUMBER}))"
        rf"(?:(?P<low_unit>{unit}){TO}(?P<same_high>{NUMBER})(?=(?P=low_unit))|{TO}(?P<high>{NUMBER}))?"
        rf"(?P<more>余|多)?(?:(?P<multiplier>{multiplier})(?P<inner_more>余|多)(?P<base>{base})"
        rf"|(?P<unit>{unit})(?P<per>(?:/(?:{per})){{1,2}})?|(?P<rate>/1?[0十]?万(?!元)))?"
        rf"(?P<behind_more>余(?![{data['no_more_before']}])|多(?=[，。；、)]))?"
    )


def _any_of(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


def _operator_words(side: str) -> list[str]:
    return [word for words in grammar.load("operators")[side].values() for word in words]


@cache
def _operator_of() -> dict[str, str]:
    data = grammar.load("operators")
    return {word: sign for side in ("before", "after") for sign, words in data[side].items() for word in words}


@cache
def _noise_ids() -> dict[str, str]:
    return {f"n{index}": row["id"] for index, row in enumerate(grammar.load("noise"))}


@cache
def _months_of(words: str) -> tuple[int, int]:
    first, last = next(row["months"] for row in grammar.load("periods") if row["words"] == words)
    return first, last


def _token(match: re.Match[str]) -> Token:
    span = match.span()
    if match["period_year"] or match["year"]:
        return Token("year", *span, "lexer.year", Decimal(match["period_year"] or match["year"][:4]))
    period = _period(match)
    if period:
        year = Decimal(match["until_year"]) if match["until_year"] else None
        return Token("period", *span, "lexer.months", year, period=period)
    if match["rank"]:
        operator = "<=" if match["rank"].startswith("前") else "="
        return Token("rank", *span, "lexer.rank", _rank(match["rank"]), operator=operator)
    noise = "noise.month" if match["month"] else _noise(match)
    return Token("noise", *span, noise) if noise else _quantity(match)


def _period(match: re.Match[str]) -> tuple[int, int] | None:
    if match["until"]:
        return 1, int(match["until"])
    if match["month_first"]:
        return int(match["month_first"]), int(match["month_last"])
    if match["months"]:
        return 1, int(match["months"] if match["months"].isascii() else chinese_number(match["months"]))
    return _months_of(match["part"]) if match["part"] else None


def _noise(match: re.Match[str]) -> str | None:
    """The id of the noise row that matched: its group is the last one, for no row has named groups of its own."""
    return _noise_ids().get(match.lastgroup or "")


def _quantity(match: re.Match[str]) -> Token:
    words = [word for word in (match["before"], match["after"]) if word]
    operator = _operator_of()[words[0]] if words else "="
    more = match["more"] or match["inner_more"] or match["behind_more"] or match["words_more"]
    operator = ">" if more and operator == "=" else operator
    if match["percent"]:
        value = chinese_number(match["percent"])
        return Token("quantity", *match.span(), "lexer.chinese_percent", value, None, 0, "%", operator)
    if match["tenths"]:
        value = chinese_number(match["tenths"].replace("成", "点").removesuffix("点"))
        return Token("quantity", *match.span(), "lexer.tenths", value, None, 0, "成", operator)
    if match["words"]:
        value = chinese_number(match["words"])
        return Token("quantity", *match.span(), "lexer.in_words", value, None, 0, match["words_unit"], operator)
    low, high = re.sub("[, ]", "", match["low"]), match["high"] or match["same_high"]
    unit = (
        (match["multiplier"] or "")
        + (match["base"] or "")
        + (match["unit"] or "")
        + (match["per"] or "")
        + (match["rate"] or "")
    )
    if not unit and not words and not high and (YEAR_NAME.fullmatch(low) or CODE.fullmatch(low)):
        return Token("noise", *match.span(), "noise.year_name" if len(low) == 4 else "noise.code")
    top = Decimal(re.sub("[, ]", "", high)) if high else None
    decimals = len(low.partition(".")[2])
    operator = "range" if high else operator
    return Token("quantity", *match.span(), "lexer.quantity", Decimal(low), top, decimals, unit, operator)


def chinese_number(text: str) -> Decimal:
    """A Chinese numeral below a hundred million, with decimals: 九十五, 一百二十, 三万五千, 九十八点五."""
    whole, _, fraction = text.partition("点")
    total, section, digit = 0, 0, 0
    for character in whole:
        if character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif character in CHINESE_POWERS:
            section, digit = section + (digit or 1) * CHINESE_POWERS[character], 0
        else:
            digit = CHINESE_DIGITS.get(character, 0)
    decimals = "".join(str(CHINESE_DIGITS.get(character, 0)) for character in fraction)
    number = total + section + digit
    return Decimal(f"{number}.{decimals}") if decimals else Decimal(number)


def _rank(text: str) -> Decimal:
    digits = "".join(character for character in text if character.isdigit() and character.isascii())
    return Decimal(digits) if digits else chinese_number(text.strip("第前位名"))


def period_of(year: int, first_month: int = 1, last_month: int = 12) -> tuple[date, date]:
    """First and last day of a span of months in one year."""
    last = date(year + last_month // 12, last_month % 12 + 1, 1)
    return date(year, first_month, 1), date.fromordinal(last.toordinal() - 1)
