"""Numbers of spreadsheets as the sheet shows them: a stored 0.9238 under the format 0.00% is 92.38%.

Read are percentages, decimals, units in quotes (0.0"万元") and dates. Any other format shows the number as stored, with
the fifteen digits that spreadsheet programs keep. Thousands separators are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
# Formats that a file names by number only. 27 to 58 are those of Chinese versions.
BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{14: "yyyy-m-d", 15: "yyyy-m-d", 16: "m-d", 17: "yyyy-m", 22: "yyyy-m-d h:mm"},
    **dict.fromkeys((18, 20), "h:mm") | dict.fromkeys((19, 21), "h:mm:ss"),
    **{37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 44: "#,##0.00"},
    **{27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒"},
    **{36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 57: "yyyy年m月"},
    58: "m月d日",
}
# One thing of a format: a text in quotes, a sign behind \, _ or *, something in brackets, or a single character.
PIECE = re.compile(
    r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|(General|G/通用格式|AM/PM|上午/下午)|(.)', re.DOTALL | re.IGNORECASE
)
CURRENCY = re.compile(r"\$([^-]*)")
# A number that is stored as it is shown: no more digits than are kept, none of them idle, no exponent.
SHORT = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{0,5}[1-9])?\Z", re.ASCII)
MOST_DECIMALS = 30
LONGEST_FORMAT = 255
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 -- a sheet's dates have no zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True)
class Pattern:
    """One section of a format, taken apart. `decimals` is None where the number is shown as stored."""

    prefix: str = ""
    suffix: str = ""
    decimals: int | None = None
    percent: bool = False
    thousands: int = 0
    date: str = ""
    words_only: bool = False


def shown(stored: str, code: str, epoch: datetime = EPOCH_1900) -> str:
    """The stored number as the format shows it. What is no number is returned as it is."""
    try:
        number = Decimal(f"{float(stored):.15g}")
    except (ValueError, InvalidOperation):
        return stored
    if not number.is_finite():
        return stored
    pattern, signed = _pattern_for(code, number)
    if pattern.date:
        return _date(number, pattern.date, epoch)
    text = "" if pattern.words_only else _digits(number if signed else abs(number), pattern)
    return pattern.prefix + text + ("%" if pattern.percent else "") + pattern.suffix


def plain(stored: str) -> str:
    """The stored number with the fifteen digits of a spreadsheet: the file holds 99.40000000000001 for 99.4."""
    if SHORT.match(stored):
        return stored
    return shown(stored, GENERAL)


def is_plain(code: str) -> bool:
    """Whether the format shows numbers as they are stored."""
    return code in (GENERAL, "", "@", "G/通用格式")


def _digits(number: Decimal, pattern: Pattern) -> str:
    if pattern.percent:
        number *= 100
    number = number.scaleb(-3 * pattern.thousands)
    if pattern.decimals is not None and abs(number) < 10**20:
        number = number.quantize(Decimal(1).scaleb(-pattern.decimals), ROUND_HALF_UP)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if pattern.decimals is None and "." in text else text


def _pattern_for(code: str, number: Decimal) -> tuple[Pattern, bool]:
    """The section of a format that a number falls under, and whether the sign is still to be shown."""
    sections = _sections(code)
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


@lru_cache(1024)
def _sections(code: str) -> tuple[Pattern, ...]:
    if len(code) > LONGEST_FORMAT:
        return (Pattern(),)
    pieces: list[list[re.Match[str]]] = [[]]
    for match in PIECE.finditer(code):
        if match[5] == ";":
            pieces.append([])
        else:
            pieces[-1].append(match)
    # A section with a condition of its own ([>=100]) cannot be chosen by sign: the number is shown as stored.
    if any(match[3] and match[3][0] in "<>=" for section in pieces for match in section):
        return (Pattern(),)
    return tuple(_pattern(section) for section in pieces[:3])


def _pattern(pieces: list[re.Match[str]]) -> Pattern:
    bare = "".join(match[5] or "" for match in pieces)
    letters = bare.lower()
    if re.search(r"[ymdhs年月日时]", letters) and not re.search(r"[0#?]", bare):
        return Pattern(date=_literals_and_letters(pieces))
    if "/" in bare or "e+" in letters or "e-" in letters:
        return Pattern()
    prefix, suffix = _around(pieces)
    if not re.search(r"[0#?]", bare):
        # A section without a digit's place shows its words alone ("-" for nothing); General shows the number.
        general = not pieces or any(match[4] for match in pieces) or "@" in bare
        return Pattern(prefix, suffix, words_only=bool(prefix + suffix) and not general)
    core = re.search(r"[0#?,]*[0#?](?:[0#?,.]*)", bare)
    digits = core[0] if core else ""
    whole, _, fraction = digits.partition(".")
    scaled = len(digits) - len(digits.rstrip(","))
    decimals = min(sum(character in "0#?" for character in fraction), MOST_DECIMALS)
    return Pattern(prefix, suffix, decimals, "%" in bare, scaled if whole else 0)


def _around(pieces: list[re.Match[str]]) -> tuple[str, str]:
    """What a section shows before and after the number."""
    before, after, seen = "", "", False
    for match in pieces:
        currency = CURRENCY.match(match[3] or "")
        text = match[1] or match[2] or (currency[1] if currency else "")
        bare = match[5] or ""
        if bare in "0#?" and bare:
            seen = True
        elif bare and bare not in "%,.@ ":
            text = bare
        if seen:
            after += text
        else:
            before += text
    return before.strip(), after.strip()


def _literals_and_letters(pieces: list[re.Match[str]]) -> str:
    return "".join(match[1] or match[2] or match[5] or "" for match in pieces)


def _date(number: Decimal, code: str, epoch: datetime) -> str:
    """A serial day as a date or time, with the parts that the format names."""
    try:
        moment = epoch + timedelta(seconds=round(float(number) * 86400))
    except (OverflowError, ValueError):
        return format(number, "f")
    lowered = code.lower()
    has_clock = re.search(r"[hs时]", lowered) is not None
    clock = (
        f"{moment.hour}:{moment.minute:02}" + (f":{moment.second:02}" if "s" in lowered else "") if has_clock else ""
    )
    if not re.search(r"[yd年月日]", lowered) and has_clock:
        return clock
    month_named = "m" in lowered or "月" in lowered
    parts = [
        (str(moment.year), "年", "y" in lowered or "年" in lowered),
        (str(moment.month), "月", month_named),
        (str(moment.day), "日", "d" in lowered or "日" in lowered),
    ]
    if "年" in code or "月" in code:
        day = "".join(value + word for value, word, named in parts if named)
    else:
        day = "-".join(value.zfill(2) for value, _, named in parts if named)
    return f"{day} {clock}".strip()
