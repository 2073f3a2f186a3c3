"""The log of corrections (更正记录): what an edition says otherwise than one before it had said, and why.

Each edition carries the whole log up to itself in `corrections.json`; beside the editions, `corrections.jsonl` gets a
line with each publication. An entry's id is made of what it says, so that writing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jiheng import chain
from jiheng.files import canonical_json, key_of, write_text
from publish import data, figures, format
from publish.data import CORRECTIONS_NAME, Edition, Row, corrections
from publish.language import ZH, Language, english
from publish.records import history
from publish.site.book import Book
from publish.site.changes import departments_moved, divisions_moved

LOG_NAME = "corrections.jsonl"
ENDS = ("before", "now")
# Causes that are this system's own doing: an edition that moves by them corrects what an earlier one had said.
OWN_CAUSES = frozenset({"rereading", "correction", "method", "method_changed"})
Entry = dict[str, Any]


def so_far(editions: Path, previous: Path | None, until: datetime) -> list[Entry]:
    """Every entry that a new edition has to carry on: those of the edition before it, those of editions that were taken
    back, and what was done to editions by `until`.

    Entries that a crash appended for an edition that was never published are left out: nobody has read them.
    """
    acts = [event for event in history(editions) if datetime.fromisoformat(event["at"]) <= until]
    published = {event["edition_id"] for event in acts if event.get("event") == "publish"}
    logged = [entry for line in chain.history(editions, LOG_NAME) for entry in line.get("entries", ())]
    return _once(
        [
            *(corrections(previous) if previous else ()),
            *(entry for entry in logged if entry["edition_id"] in published),
            *(entry for event in acts for entry in _of_act(event)),
        ]
    )


def write(edition: Path, earlier: Sequence[Entry]) -> None:
    """Write `corrections.json` of a private edition: the earlier entries, and its own behind them.

    Reads the edition's tables, `about.json` and `diff.json`.
    """
    loaded = data.load(edition)
    own = [*_own(loaded), *_revisions(loaded, earlier)]
    lines = ",\n".join(canonical_json(entry) for entry in _once([*earlier, *own]))
    write_text(edition / CORRECTIONS_NAME, f"[\n{lines}\n]\n" if lines else "[]\n")


def append(editions: Path, edition: Path) -> int:
    """Append those entries of an edition that the log does not have yet, in one line, and give their number.

    Whoever calls holds the lock of `editions`. Called again after a crash it appends nothing twice.
    """
    known = {entry["entry_id"] for line in chain.history(editions, LOG_NAME) for entry in line.get("entries", ())}
    new = [entry for entry in corrections(edition) if entry["entry_id"] not in known]
    if new:
        chain.record(editions, {"edition_id": edition.name, "entries": new}, LOG_NAME)
    return len(new)


def missing_entries(previous: Path | None, edition: Path) -> list[str]:
    """Ids of entries that the edition before has and this one lost; one that lost any must not be published."""
    if previous is None:
        return []
    kept = {entry["entry_id"] for entry in corrections(edition)}
    return [entry["entry_id"] for entry in corrections(previous) if entry["entry_id"] not in kept]


def _once(found: Iterable[Entry]) -> list[Entry]:
    """Each entry once, where it stood first."""
    return list({entry["entry_id"]: entry for entry in reversed(list(found))}.values())[::-1]


def _entry(kind: str, edition_id: str, on: str, english: Mapping[str, Any] | None = None, **told: Any) -> Entry:
    """An entry with an id of all that it says but the day and its English, so that an older entry keeps its own.

    `english` says again what `unit`, `before`, `now` and `figures` say.
    """
    blank = dict.fromkeys(
        ("fiscal_year", "division_key", "department_key", "unit", "before", "now", "cause_zh", "cause_en", "figures")
    )
    entry = blank | told | {"kind": kind, "edition_id": edition_id}
    again = {f"{name}_en": words for name, words in (english or {}).items()}
    return entry | {"entry_id": key_of(canonical_json(entry)), "date": on} | again


def _ends(before: str, now: str, /, **values: Any) -> dict[str, Any]:
    """What was said before and is said now, in both languages."""
    in_english = {"before": english().text(before, **values), "now": english().text(now, **values)}
    return {"before": ZH.text(before, **values), "now": ZH.text(now, **values), "english": in_english}


def _own(edition: Edition) -> list[Entry]:
    """What this edition corrects: figures its senders restated, its own rereadings, revisions of final years, and that
    it was published against the gate. A first edition corrects nothing.
    """
    on = format.day_of(format.instant(edition.about.as_of))
    found = [*_override(edition, on)]
    if edition.difference and not edition.difference.get("unchanged") and not edition.difference.get("first"):
        book = Book(edition)
        found += [*_restated(edition, on), *_divisions(book, on), *_departments(book, on)]
    return found


def _override(edition: Edition, on: str) -> list[Entry]:
    override = edition.about.override
    if override is None:
        return []
    return [
        _entry(
            *("override", edition.about.edition_id, on),
            unit=edition.about.edition_id,
            **_ends("门禁拦截", "放行发布"),
            cause_zh=f"{override['who']}：{override['why']}（{'、'.join(override['expectations'])}）",
            cause_en=f"Published by override of {override['who']}",
        )
    ]


def _of_act(event: Mapping[str, Any]) -> list[Entry]:
    """What an act on editions adds to the log: one that was taken back, or stands again."""
    if event.get("event") == "restore":
        return [_of_restoration(event)]
    if event.get("event") != "rollback":
        return []
    on = format.day_of(datetime.fromisoformat(event["at"]))
    return [
        _entry(
            *("taken_back", event["from"], on),
            unit=event["from"],
            **_ends("%(edition)s 期现行", "撤回，%(stands)s 期现行", edition=event["from"], stands=event["edition_id"]),
            cause_zh=f"{event.get('who') or '未写经办人'}：{event.get('why') or '未写理由'}",
            cause_en=f"Taken back; edition {event['edition_id']} stood again from {event['at']}",
        )
    ]


def _of_restoration(event: Mapping[str, Any]) -> Entry:
    return _entry(
        *("restored", event["edition_id"], format.day_of(datetime.fromisoformat(event["at"]))),
        unit=event["edition_id"],
        **_ends(
            "撤回，%(stands)s 期现行", "恢复，%(edition)s 期现行", edition=event["edition_id"], stands=event["from"]
        ),
        cause_zh=f"{event.get('who') or '未写经办人'}：{event.get('why') or '未写理由'}",
        cause_en=f"Stands again since {event['at']}",
    )


def _restated(edition: Edition, on: str) -> list[Entry]:
    """One entry for each version of a report that states figures otherwise, with all of them."""
    rows = sorted(edition.difference.get("restated_figures", ()), key=lambda row: row["submission_version_id"])
    found = []
    for version, group in groupby(rows, key=lambda row: row["submission_version_id"]):
        listed = list(group)
        first = listed[0]
        found.append(
            _entry(
                *("restated", edition.about.edition_id, on),
                {"figures": [figures.told(edition, row, english()) for row in listed]},
                **{name: first[name] for name in ("fiscal_year", "division_key", "department_key")},
                unit=f"{first['division_name'] or ''} {first['department_name'] or ''}".strip(),
                before=first["submission_version_id_before"],
                now=version,
                cause_zh="报送单位重新报送",
                cause_en="Handed in again by its sender",
                figures=[figures.told(edition, row) for row in listed],
            )
        )
    return found


def _revisions(edition: Edition, earlier: Iterable[Entry]) -> list[Entry]:
    """A final year that differs for the first time, or once more, from what was declared final."""
    told = {(entry["unit"], entry["now"]) for entry in earlier if entry["kind"] == "revised"}
    found = []
    for year, final in sorted(edition.about.finals.items()):
        unit, now = f"{year} 年度", f"修订 {final['revision']}"
        if final["revision"] and (unit, now) not in told:
            before = "修订 %(before)s" if final["revision"] > 1 else "定稿"
            ends = _ends(before, "修订 %(now)s", before=final["revision"] - 1, now=final["revision"])
            ends["english"]["unit"] = english().text("%(year)s 年度", year=year)
            found.append(
                _entry(
                    *("revised", edition.about.edition_id, format.day_of(format.instant(edition.about.as_of))),
                    fiscal_year=int(year),
                    unit=unit,
                    **ends,
                    cause_zh=f"{final['frozen_on']} 定稿（{final['edition_id']} 期）之后有变动，各单位的见下",
                    cause_en=f"Changed after it was declared final in edition {final['edition_id']}",
                )
            )
    return found


def _divisions(book: Book, on: str) -> list[Entry]:
    found = []
    for row in divisions_moved(book):
        causes = row["causes"]
        # Where a rank came or went no cause is told, but whose reports were read anew can be.
        if _is_correction(book, row, {cause["code"] for cause in (*causes, *row["others"])}):
            ends = _worded(partial(_place_and_points, row))
            unit = {"unit": row["name"], "division_key": row["key"]}
            found.append(_moved(book, on, row, causes, ends, unit))
    return found


def _departments(book: Book, on: str) -> list[Entry]:
    found = []
    for row in departments_moved(book):
        if _is_correction(book, row, {row["why"]["code"]}):
            ends = _worded(partial(_points_of, row))
            name = f"{book.edition.division_name(row['division_key'])} {row['name']}"
            unit = {"unit": name, "division_key": row["division_key"], "department_key": row["key"]}
            found.append(_moved(book, on, row, [row["why"]], ends, unit))
    return found


def _is_correction(book: Book, row: Row, causes: set[str]) -> bool:
    """A year that was declared final is revised by any change; an open one is corrected by this system's own causes."""
    return book.edition.about.final(row["fiscal_year"]) is not None or bool(causes & OWN_CAUSES)


def _moved(book: Book, on: str, row: Row, causes: Sequence[Row], ends: dict[str, Any], unit: dict[str, Any]) -> Entry:
    parts = [
        cause["name"] + (f" {format.points_moved(cause['points'])} 分" if cause.get("points") is not None else "")
        for cause in causes
    ]
    return _entry(
        "revised" if book.edition.about.final(row["fiscal_year"]) else "corrected",
        book.edition.about.edition_id,
        on,
        **(ends | unit),
        fiscal_year=row["fiscal_year"],
        cause_zh="、".join(parts) or "未分解",
        cause_en=", ".join(cause["name_en"] for cause in causes) or "Not split",
    )


def _worded(said: Callable[[str, Language], str]) -> dict[str, Any]:
    """Both ends of a movement in both languages."""
    in_english = {end: said(end, english()) for end in ENDS}
    return {end: said(end, ZH) for end in ENDS} | {"english": in_english}


def _place_and_points(row: Row, end: str, language: Language) -> str:
    rank, points = row[f"rank_{end}"], _points_of(row, end, language)
    place = language.text("未排名") if rank is None else language.text("第 %(rank)s 名", rank=rank)
    return language.text("%(place)s，%(points)s", place=place, points=points)


def _points_of(row: Row, end: str, language: Language) -> str:
    score = row[f"score_{end}"]
    if score is None:
        return language.word("null_word", "no_score")
    return language.text("%(points)s 分", points=format.score(score))
