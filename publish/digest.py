"""What is told of a night in a chat or a letter, by language: title, lines and links, made of facts by `digest.yaml`.

Nothing here knows a score. Ranks are named only of units that a published edition shows ranked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from publish import format
from publish.data import About, Row
from publish.language import ZH, Language, languages
from publish.notice import FACTS_NAME

# So many movements and so many names are told; the pages have them all.
MOST_MOVES = MOST_NAMES = 5
# What is told of a movement; its points stay on the pages.
OF_A_MOVE = ("fiscal_year", "name", "league", "rank_before", "rank_now", "is_tied", "is_provisional", "within")
# A longer reason is cut; what it was in full is told on the server.
LONGEST_REASON = 160


@dataclass(frozen=True)
class Message:
    """A notice in one language: lines from what matters most to what may be left out, and links as (words, address)."""

    language: str
    title: str
    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """Where links lead: the address at which the editions are served, if any, and the edition that is meant."""

    address: str | None
    edition: Path | None

    def links(self, language: Language, pages: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The pages that there are; in English those written in English, where the edition has them."""
        if not self.address or self.edition is None:
            return ()
        return tuple((words, self._address(language, page)) for page, words in pages.items() if self._has(page))

    def _has(self, page: str) -> bool:
        return self.edition is not None and (self.edition / page).is_file()

    def _address(self, language: Language, page: str) -> str:
        root = str(self.address).rstrip("/")
        if page.startswith("../"):
            return f"{root}/{page.removeprefix('../')}"
        translated = page.replace("site/", f"site/{language.folder}", 1)
        name = self.edition.name if self.edition else ""
        return f"{root}/{name}/{translated if self._has(translated) else page}"


def published(edition: Path, address: str | None, day: date) -> dict[str, Message]:
    """The digest of a published edition, by language."""
    facts = json.loads((edition / FACTS_NAME).read_text(encoding="utf-8"))
    return _told("published", Place(address, edition), day, **_of_edition(facts))


def held(reasons: Sequence[Row], standing: About | None, command: str, place: Place, day: date) -> dict[str, Message]:
    """The notice of a night that the gate held: why, what stands, and what would release it."""
    return _told("held", place, day, reasons=_short(reasons), standing=_standing(standing), command=command)


def missing(
    reasons: Sequence[Row], standing: About | None, place: Place, day: date, during_the_night: bool = False
) -> dict[str, Message]:
    """The notice of a morning on which something was found wrong, or of an alarm before it."""
    facts = {"reasons": _short(reasons), "standing": _standing(standing)}
    return _told("missing", place, day, **facts, during_the_night=during_the_night)


def quarantined(reasons: Sequence[Row], limit: int, day: date) -> dict[str, Message]:
    """The notice of a day on which many files were quarantined: how many for which reason, without their names."""
    count = sum(row["count"] for row in reasons)
    return _told("quarantine", Place(None, None), day, reasons=reasons, count=count, limit=limit)


def _told(event: str, place: Place, day: date, **facts: Any) -> dict[str, Message]:
    found = {}
    for language in languages():
        words = _words()[event][language.code]
        values = facts | _in(language) | {"day": _day(day, language)}
        lines = _compiled(words["lines"]).render(values).splitlines()
        title = _compiled(words["title"]).render(values).strip()
        shown = tuple(line.strip() for line in lines if line.strip())
        found[language.code] = Message(language.code, title, shown, place.links(language, words["links"]))
    return found


def _in(language: Language) -> Row:
    """What templates write values with, in this language."""
    return {
        "word": language.word,
        "moment": partial(format.moment, language=language),
        "rank": partial(format.rank, language=language),
    }


def _of_edition(facts: Row) -> Row:
    gate, verify = facts["gate"], facts.get("to_verify", {"provisional": [], "returned": []})
    overdue: Counter[int] = Counter()
    for row in facts["years"]:
        overdue[row["fiscal_year"]] += row["overdue"]
    return {
        **{name: facts[name] for name in ("edition_id", "as_of", "override", "first", "unchanged", "ranks_moved")},
        **{name: facts["coverage"][name] for name in ("divisions", "submissions")},
        "counts": facts["counts"],
        "decision": gate["decision"],
        "checks": gate["checks"],
        "noticed": gate["noticed"],
        "waived": len(facts["waivers"]),
        "provisional": [row | {"names": row["names"][:MOST_NAMES]} for row in verify["provisional"]],
        "awaited": [_named(row) for row in verify["returned"]],
        "overdue": [{"fiscal_year": year, "overdue": found} for year, found in overdue.items() if found],
        "moves": [{name: row[name] for name in OF_A_MOVE} for row in facts["moves"] if _may_be_told(row)][:MOST_MOVES],
    }


def _may_be_told(move: Row) -> bool:
    """Only who is ranked in the published edition, and belongs to what the province publishes, is named in a chat."""
    return move["rank_now"] is not None and bool(move.get("is_publishable", True))


def _named(row: Row) -> Row:
    named = row["divisions"][:MOST_NAMES]
    names = [f"{one['name']} {one['count']}" for one in named]
    return row | {"names": names, "more": len(row["divisions"]) > len(named)}


def _short(reasons: Sequence[Row]) -> list[Row]:
    return [{one.code: _cut(row.get(one.code) or "") for one in languages()} for row in reasons]


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _standing(about: About | None) -> Row | None:
    return {"edition_id": about.edition_id, "as_of": about.as_of} if about else None


def _day(day: date, language: Language) -> str:
    return f"{day.month}月{day.day}日" if language == ZH else day.isoformat()


@cache
def _words() -> dict[str, Any]:
    text = resources.files("publish").joinpath("digest.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


@cache
def _compiled(template: str) -> Template:
    """Plain text, so nothing is escaped; a name that a template misspells is an error, not an empty place."""
    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(template)
