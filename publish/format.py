"""Numbers and times as people read them. Every rounding is for the eye only and half-up, from exact decimals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import PurePosixPath

from jiheng.files import key_of
from publish import labels
from publish.language import ZH, Language

YUAN_PER_WAN = Decimal(10_000)
# One clock for the whole country (GB/T 7408); readers compare it with the clock on their wall.
BEIJING = timezone(timedelta(hours=8), "北京时间")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
KILOBYTE, MEGABYTE = 1024, 1024**2
CENT = Decimal("0.01")
SCALES = {"万": "10,000", "亿": "100 million"}


def rounded(value: Decimal, places: Decimal = CENT) -> Decimal:
    """Half-up, away from zero on a tie, as 四舍五入 is taught."""
    return value.quantize(places, rounding=ROUND_HALF_UP)


def wan(yuan: Decimal | None, missing: str = "missing", language: Language = ZH) -> str:
    """Yuan as 万元 with two decimals and thousands marks; null as a word (a code of kind `null_word`)."""
    return null(missing, language) if yuan is None else f"{rounded(yuan / YUAN_PER_WAN):,}"


def exact_yuan(yuan: Decimal | None, language: Language = ZH) -> str:
    """The amount to the cent in yuan, for the tooltip of a rounded one."""
    return null("missing", language) if yuan is None else language.text("%(yuan)s 元", yuan=f"{yuan:,}")


def percent(ratio: Decimal | None, missing: str = "missing", language: Language = ZH) -> str:
    """A ratio (1 = 100 %) as a percentage with two decimals; null as a word."""
    return null(missing, language) if ratio is None else f"{rounded(ratio * 100):,}%"


def exact(value: Decimal | None, language: Language = ZH) -> str:
    """A decimal with all its digits but no trailing zeros: 12.500000 gives 12.5."""
    if value is None:
        return null("missing", language)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Decimal | None, language: Language = ZH) -> str:
    """As `exact`, with thousands marks."""
    if value is None:
        return null("missing", language)
    whole, _, rest = exact(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}" + (f".{rest}" if rest else "")


def score(value: Decimal | None, missing: str = "not_applicable", language: Language = ZH) -> str:
    """A score with two decimals; null as a word: a part that cannot be assessed is 不适用, not zero."""
    return null(missing, language) if value is None else str(rounded(value))


def null(code: str, language: Language = ZH) -> str:
    """The word for an absent value: 未提供, 不适用, 未报送 or 未知."""
    return language.word("null_word", code)


def moment(at: datetime | str | None, language: Language = ZH) -> str:
    """A time in Beijing time to the minute. Accepts ISO text; a text that is no time is shown as it is."""
    if at is None or at == "":
        return null("missing", language)
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            return str(at)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return language.text("%(time)s（北京时间）", time=f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}")


def instant(at: str | None) -> datetime:
    """The as-of time for fixed file dates, in UTC; the earliest date a zip can carry when none is known."""
    if not at:
        return datetime(1980, 1, 1, tzinfo=UTC)
    parsed = datetime.fromisoformat(at)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def day_of(at: datetime) -> str:
    """The day of a moment by the clock on the reader's wall."""
    return day(at.astimezone(BEIJING).date())


def day(on: date | None, language: Language = ZH) -> str:
    """A date as YYYY-MM-DD."""
    return null("missing", language) if on is None else on.isoformat()


def period(start: date | None, end: date | None, language: Language = ZH) -> str:
    """A period in the shortest true form: a whole year as 2024年, else both ends."""
    if start is None and end is None:
        return null("missing", language)
    if start and end and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return language.text("%(year)s年", year=start.year)
    return language.text("%(start)s 至 %(end)s", start=start or "…", end=end or "…")


def with_operator(operator: str | None, value: Decimal | None, unit: str | None, language: Language = ZH) -> str:
    """A target as it binds: ≥ 95 %."""
    if value is None:
        return null("missing", language)
    sign = language.word("operator", operator) if operator else ""
    return f"{sign} {with_unit(value, unit, language)}".strip()


def with_unit(value: Decimal | None, unit: str | None, language: Language = ZH) -> str:
    """A value and its unit; a ratio without a unit of its own is shown as written."""
    if value is None:
        return null("missing", language)
    gap = "" if unit == "%" else " "
    return f"{number(value)}{gap}{unit_words(unit or '', language)}".strip()


def unit_words(unit: str, language: Language = ZH) -> str:
    """A unit in words: 万吨 is × 10,000 t in English, and 家 / 个 are mere counters, which it does without."""
    if language == ZH:
        return unit
    return " / ".join(words for one in unit.split(" / ") if (words := _unit(one, language)))


def _unit(unit: str, language: Language) -> str:
    scale = SCALES.get(unit[:1])
    if scale is None or labels.known("unit", unit):
        return language.word("unit", unit)
    return f"× {scale} {language.word('unit', unit[1:])}".strip()


def rank(value: int | None, is_tied: bool | None, language: Language = ZH) -> str:
    """第3名, or 并列第3名 when others hold the same rank."""
    if value is None:
        return language.text("未排名")
    return language.text("并列第%(rank)s名" if is_tied else "第%(rank)s名", rank=value)


def interval(low: int | None, high: int | None, language: Language = ZH) -> str:
    """A rank interval, lowest rank number first; one number when both ends meet."""
    if low is None or high is None:
        return null("not_applicable", language)
    return str(low) if low == high else f"{low}–{high}"


def movement(rank_now: int | None, rank_before: int | None, language: Language = ZH) -> tuple[str, str]:
    """(class, words) of the change since the last edition: up, down, same, new, none."""
    if rank_now is None:
        return "none", null("not_applicable", language)
    if rank_before is None:
        return "new", language.text("首次")
    change = rank_before - rank_now
    if change == 0:
        return "same", language.text("持平")
    return ("up", f"▲ {change}") if change > 0 else ("down", f"▼ {-change}")


def points_moved(value: Decimal | None, language: Language = ZH) -> str:
    """A change of a score with its sign and two decimals; one that rounds to nothing keeps as many as it needs."""
    if value is None:
        return null("not_applicable", language)
    shown = rounded(value)
    text = f"{value.normalize():+f}" if value and not shown else f"{shown:+}" if shown else "0"
    return text.replace("-", "−")


def places_moved(value: int | None, language: Language = ZH) -> tuple[str, str]:
    """(class, words) of a change of a rank; above zero is upwards."""
    if value is None:
        return "none", null("not_applicable", language)
    if value == 0:
        return "same", "0"
    return ("up", f"▲ {value}") if value > 0 else ("down", f"▼ {-value}")


def count(value: int | None, missing: str = "missing", language: Language = ZH) -> str:
    """A whole number; null as a word."""
    return null(missing, language) if value is None else f"{value:,}"


def file_size(size: int) -> str:
    """A number of bytes in the unit that people read it in: KB below a megabyte, never less than 1 KB."""
    if size < MEGABYTE:
        return f"{max(-(-size // KILOBYTE), 1)} KB"
    return f"{(Decimal(size) / MEGABYTE).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,} MB"


def file_name(key: str) -> str:
    """A key as a file name without suffix. A key with other characters keeps apart by a short hash."""
    safe = UNSAFE.sub("_", key).lstrip(".")
    return safe if safe == key and safe else f"{safe or '_'}-{key_of(key, length=8)}"


@cache
def page(folder: str, key: str, depth: int = 0) -> str:
    """Relative link to a unit's page from a page `depth` folders down."""
    return str(PurePosixPath(*[".."] * depth, folder, f"{file_name(key)}.html"))
