"""Reminders (催报): whose report is awaited on a day, and a notice for each division, from the newest build.

No score stands in them: whoever is reminded learns what is missing and by when, nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from jiheng.files import write_bytes
from jiheng.settings import Settings
from jiheng.warehouse import newest_build, reading

if TYPE_CHECKING:
    from jinja2 import Template
    from rich.table import Table

WORDS_NAME = "reminders.yaml"
NUMERALS = "一二三四五六七八九"
# No cell may become a formula, a link or a number by the look of its text.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = {"bold": True, "bg_color": "#E3E9F0", "border": 1, "valign": "vcenter"}
COLUMNS = (("区划", 20), ("部门", 30), ("财政年度", 10), ("事由", 22), ("期限", 13), ("逾期天数", 10), ("剩余天数", 10))

AWAITED = """
WITH division AS (
  SELECT division_key, max_by(name, valid_from) AS name FROM dim_division GROUP BY division_key
), awaited AS (
  SELECT division_key, department_key, department_name, fiscal_year,
    CASE
      WHEN state = 'returned' AND mend_by < $today THEN 'returned'
      WHEN state IN ('expected', 'overdue', 'withdrawn') AND due_on < $today THEN 'overdue'
      WHEN state IN ('expected', 'overdue', 'withdrawn') AND due_on <= $last THEN 'due_soon'
    END AS kind,
    CASE WHEN state = 'returned' THEN mend_by ELSE due_on END AS last_day
  FROM filing_overview
)
SELECT kind, division_key, coalesce(division.name, division_key), department_key,
  coalesce(department_name, department_key), fiscal_year, last_day, abs(date_diff('day', last_day, $today))
FROM awaited LEFT JOIN division USING (division_key)
WHERE kind IS NOT NULL ORDER BY division_key, last_day, fiscal_year, department_key
"""


@dataclass(frozen=True)
class Awaited:
    """One report that is awaited: `kind` is overdue, returned or due_soon, `last_day` the day by which it is asked for,
    `days` how many days ago that was or, when it is due soon, how many are left.
    """

    kind: str
    division_key: str
    division: str
    department_key: str
    department: str
    fiscal_year: int
    last_day: date
    days: int


@dataclass(frozen=True)
class Words:
    """What is said, and from how many days ahead; see `reminders.yaml`."""

    days_ahead: int
    kinds: Mapping[str, Mapping[str, str]]
    title: str
    notice: str


@dataclass(frozen=True)
class Reminders:
    """All that is awaited on a day, division by division, as the build knows it."""

    today: date
    build: Path
    items: tuple[Awaited, ...]
    words: Words

    @cached_property
    def by_division(self) -> dict[str, list[Awaited]]:
        """The awaited reports of each division, by its key."""
        return {key: list(found) for key, found in groupby(self.items, key=lambda item: item.division_key)}

    @cached_property
    def notices(self) -> dict[str, str]:
        """The text of each division's notice, by its key."""
        return {key: _notice(self, items) for key, items in self.by_division.items()}


def words(settings: Settings) -> Words:
    """The installation's own words, else those beside the code. Raises ValueError for a file that lacks something."""
    own = settings.home / WORDS_NAME
    text = own if own.is_file() else resources.files("jiheng").joinpath(WORDS_NAME)
    try:
        return Words(**yaml.safe_load(text.read_text(encoding="utf-8")))
    except (TypeError, yaml.YAMLError) as error:
        raise ValueError(
            f"{text}: 催报用语有误，请对照程序自带的 {WORDS_NAME} · wrong reminder words: {error}"
        ) from error


def reminders(settings: Settings, today: date, days_ahead: int | None = None) -> Reminders:
    """What is awaited on `today`: overdue, due within `days_ahead` days, or returned and past its day to be mended.

    Raises `NothingBuiltError` without a build, ValueError for wrong words of the installation.
    """
    said, build = words(settings), newest_build(settings)
    last = today + timedelta(days=said.days_ahead if days_ahead is None else days_ahead)
    with reading(build) as connection:
        rows = connection.execute(AWAITED, {"today": today, "last": last}).fetchall()
    return Reminders(today, build, tuple(Awaited(*row) for row in rows), said)


def _notice(found: Reminders, items: list[Awaited]) -> str:
    said = found.words
    parts: list[dict[str, Any]] = []
    for kind, own in said.kinds.items():
        lines = [_filled(own["line"], row=_in_words(item)) for item in items if item.kind == kind]
        if lines:
            parts.append({"number": NUMERALS[len(parts)], "lines": lines, **own})
    return _filled(
        said.notice,
        title=said.title,
        division=items[0].division,
        day=_day(found.today),
        count=len(items),
        parts=parts,
    )


def _in_words(item: Awaited) -> dict[str, Any]:
    return asdict(item) | {"day": _day(item.last_day)}


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _filled(template: str, **values: Any) -> str:
    return _compiled(template).render(**values)


@cache
def _compiled(template: str) -> Template:
    """Plain text, so nothing is escaped; a name that a template misspells is an error, not an empty place."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template)


def as_json(found: Reminders) -> dict[str, Any]:
    """The lists and notices for programs."""
    return {
        "day": found.today.isoformat(),
        "edition": found.build.resolve().parent.name,
        "count": len(found.items),
        "divisions": [
            {
                "division_key": key,
                "division": items[0].division,
                "awaited": [asdict(item) for item in items],
                "notice": found.notices[key],
            }
            for key, items in found.by_division.items()
        ],
    }


def table_of(found: Reminders) -> Table:
    """All that is awaited, as a table for a terminal: a block for each division."""
    from rich.markup import escape
    from rich.table import Table

    title = f"催报 awaited: {len(found.items):,} 份 · {len(found.by_division)} 个区划 · {found.today} · "
    table = Table(title=title + found.build.resolve().parent.name, title_justify="left")
    for heading in ("区划 division", "部门 department", "年度 year", "事由 why", "期限 day"):
        table.add_column(heading, overflow="fold")
    table.add_column("天数 days", justify="right")
    for items in found.by_division.values():
        for place, item in enumerate(items):
            name = escape(item.division) if place == 0 else ""
            heading = escape(found.words.kinds[item.kind]["heading"])
            days = f"还有 {item.days}" if item.kind == "due_soon" else f"已过 {item.days}"
            row = (name, escape(item.department), str(item.fiscal_year), heading, item.last_day.isoformat(), days)
            table.add_row(*row, end_section=place == len(items) - 1)
    return table


def write_workbook(found: Reminders, path: Path) -> None:
    """Write the list and the notices as a workbook to `path`. Raises OSError when it cannot be written there."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        head, wrapped = book.add_format(HEAD), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("催报清单")
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for line, item in enumerate(found.items, start=1):
            _write_row(sheet, line, item, found.words)
        sheet.autofilter(0, 0, max(len(found.items), 1), len(COLUMNS) - 1)
        texts = book.add_worksheet("提醒文本")
        for column, (title, width) in enumerate((("区划", 20), ("份数", 8), ("提醒文本", 100))):
            texts.set_column(column, column, width)
            texts.write_string(0, column, title, head)
        for line, (key, items) in enumerate(found.by_division.items(), start=1):
            texts.write_string(line, 0, items[0].division, wrapped)
            texts.write_number(line, 1, len(items), wrapped)
            texts.write_string(line, 2, found.notices[key], wrapped)
        for one in (sheet, texts):
            one.freeze_panes(1, 0)
            one.set_paper(9)
            one.set_landscape()
            one.fit_to_pages(1, 0)
            one.repeat_rows(0)
    write_bytes(path, target.getvalue())


def _write_row(sheet: Any, line: int, item: Awaited, said: Words) -> None:
    texts = (item.division, item.department, str(item.fiscal_year), said.kinds[item.kind]["heading"])
    for column, text in enumerate((*texts, item.last_day.isoformat())):
        sheet.write_string(line, column, text)
    is_left = item.kind == "due_soon"
    sheet.write_number(line, 6 if is_left else 5, item.days)
    sheet.write_string(line, 5 if is_left else 6, "不适用")
