"""Automatic numbering of Word paragraphs (一、 / （一） / 1.): Word shows it, but it stands in no text of the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
DEEPEST = 9
HIGHEST_NUMBER = 32_767

CHINESE_DIGITS = "〇一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
HEAVENLY_STEMS = "甲乙丙丁戊己庚辛壬癸"
EARTHLY_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN: tuple[tuple[int, str], ...] = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
)
ROMAN += ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# Formats in which headings of Chinese reports are numbered; lists use others too.
HEADING_FORMATS = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand"}
)


@dataclass(frozen=True)
class Level:
    """One level of a list: its format (`numFmt`), its text with %1 for the number of level 1, and its first number."""

    format: str
    text: str
    start: int = 1
    legal: bool = False
    restart: int | None = None


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, list_id: str, depth: int) -> str:
        """Count one paragraph of a list and give the number that stands before it."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counter = self.counters.setdefault(self.lists[list_id], [None] * DEEPEST)
        current = counter[depth]
        counter[depth] = level.start if current is None else min(current + 1, HIGHEST_NUMBER)
        for deeper in range(depth + 1, DEEPEST):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and depth < restart):
                counter[deeper] = None
        return _filled(level, levels, counter)

    def level(self, list_id: str, depth: int) -> Level | None:
        """The level of a list, or None where there is no such list."""
        return self.levels.get(list_id, {}).get(depth)


def numbering_of(root: Any) -> Numbering:
    """The lists of `word/numbering.xml`; none where the document has no such part."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {one.get(f"{W}abstractNumId"): _levels(one) for one in root.iterfind(f"{W}abstractNum")}
    for one in root.iterfind(f"{W}num"):
        list_id, source = one.get(f"{W}numId"), one.find(f"{W}abstractNumId")
        base = source.get(VAL) if source is not None else None
        if list_id is None or base not in abstract:
            continue
        changed = _overridden(one, abstract[base])
        numbering.levels[list_id] = changed or abstract[base]
        # Lists of one definition go on counting; one that begins anew counts for itself.
        numbering.lists[list_id] = f"list {list_id}" if changed else f"definition {base}"
    return numbering


def _levels(parent: Any) -> dict[int, Level]:
    found = {}
    for one in parent.iterfind(f"{W}lvl"):
        depth = whole(one.get(f"{W}ilvl"))
        if depth < DEEPEST:
            found[depth] = _level(one)
    return found


def _level(one: Any) -> Level:
    restart = _val(one, "lvlRestart")
    return Level(
        format=_val(one, "numFmt") or "decimal",
        text=_val(one, "lvlText") or "",
        start=whole(_val(one, "start"), 1),
        legal=one.find(f"{W}isLgl") is not None,
        restart=whole(restart) if restart is not None else None,
    )


def _overridden(one: Any, levels: dict[int, Level]) -> dict[int, Level]:
    """The levels of a list that changes those of its definition; empty where it does not."""
    changed = dict(levels)
    for override in one.iterfind(f"{W}lvlOverride"):
        depth = whole(override.get(f"{W}ilvl"))
        changed.update(_levels(override))
        start = _val(override, "startOverride")
        if start is not None and depth in changed:
            level = changed[depth]
            changed[depth] = Level(level.format, level.text, whole(start, 1), level.legal, level.restart)
    return changed if one.find(f"{W}lvlOverride") is not None else {}


def _val(parent: Any, name: str) -> str | None:
    found = parent.find(f"{W}{name}")
    return found.get(VAL) if found is not None else None


def whole(text: str | None, otherwise: int = 0) -> int:
    """A small whole number of an attribute."""
    return min(int(text), HIGHEST_NUMBER) if text and text.isascii() and text.isdigit() else otherwise


def _filled(level: Level, levels: dict[int, Level], counter: list[int | None]) -> str:
    if level.format in ("bullet", "none"):
        return ""
    text = level.text
    for depth in range(DEEPEST):
        mark = f"%{depth + 1}"
        if mark in text:
            of = levels.get(depth)
            number = counter[depth] or (of.start if of else 1)
            name = "decimal" if level.legal or of is None else of.format
            text = text.replace(mark, FORMATS.get(name, str)(number))
    return text


def chinese(number: int, digits: str = CHINESE_DIGITS, units: tuple[str, str, str] = ("十", "百", "千")) -> str:
    """A number in Chinese characters, as lists are counted: 十一, 二十, 一百零三."""
    if number >= 10_000 or number <= 0:
        return str(number)
    zero = "零"
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += (zero if pending and text else "") + digits[digit] + (units[place - 1] if place else "")
            pending = False
        else:
            pending = bool(text)
    return text.removeprefix(digits[1]) if 10 <= number < 20 and digits is CHINESE_DIGITS else text


def _each_digit(number: int) -> str:
    return "".join(CHINESE_DIGITS[int(digit)] for digit in str(number))


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _letter(number: int) -> str:
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 20 else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in ROMAN if number < 4000 else ():
        text += sign * (number // value)
        number %= value
    return text or str(number)


def _full_width(number: int) -> str:
    return "".join(chr(0xFF10 + int(digit)) for digit in str(number))


FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(HEADING_FORMATS - {"ideographDigital"}, chinese),
    "ideographDigital": _each_digit,
    "chineseLegalSimplified": lambda number: chinese(number, LEGAL_DIGITS, ("拾", "佰", "仟")),
    "ideographLegalTraditional": lambda number: chinese(number, LEGAL_DIGITS, ("拾", "佰", "仟")),
    "ideographTraditional": _of(HEAVENLY_STEMS),
    "ideographZodiac": _of(EARTHLY_BRANCHES),
    "decimalZero": "{:02}".format,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _of("".join(map(chr, range(0x2460, 0x2474))))
    ),
    "decimalEnclosedParen": "({})".format,
    "decimalEnclosedFullstop": "{}.".format,
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
