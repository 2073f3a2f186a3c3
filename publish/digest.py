"""What is told of a night in a chat or a letter, by language: title, lines and links, made of facts by `digest.yaml`.

Nothing here knows a score. Ranks are named only of units that a published edition shows ranked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from publish import format, labels
from publish.data import About, Row
from publish.notice import FACTS_NAME

LANGUAGES = ("zh", "en")
# So many movements and so many names are told; the pages have them all.
MOST_MOVES = MOST_NAMES = 5
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

    def links(self, language: str, pages: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The pages that there are; in English those written in English, where the edition has them."""
        if not self.address or self.edition is None:
            return ()
        return tuple((words, self._address(language, page)) for page, words in pages.items() if self._has(page))

    def _has(self, page: str) -> bool:
        return self.edition is not None and (self.edition / page).is_file()

    def _address(self, language: str, page: str) -> str:
        root = str(self.address).rstrip("/")
        if page.startswith("../"):
            return f"{root}/{page.removeprefix('../')}"
        translated = page.replace("site/", f"site/{language}/", 1)
        name = self.edition.name if self.edition else ""
        return f"{root}/{name}/{translated if self._has(translated) else page}"


def published(edition: Path, address: str | None, day: date) -> dict[str, Message]:
    """The digest of a published edition, by language."""
    facts = json.loads((edition / FACTS_NAME).read_text(encoding="utf-8"))
    return _told("published", Place(address, edition), day, **_of_edition(facts))


def held(reasons: Sequence[Row], standing: About | None, command: str, place: Place, day: date) -> dict[str, Message]:
    """The notice of a night that the gate held: why, what stands, and what would release it."""
    return _told("held", place, day, reasons=_short(reasons), standing=_standing(standing), command=command)


def missing(reasons: Sequence[Row], standing: About | None, place: Place, day: date) -> dict[str, Message]:
    """The notice of a morning on which something was found wrong."""
    return _told("missing", place, day, reasons=_short(reasons), standing=_standing(standing))


def quarantined(reasons: Sequence[Row], limit: int, day: date) -> dict[str, Message]:
    """The notice of a day on which many files were quarantined: how many for which reason, without their names."""
    count = sum(row["count"] for row in reasons)
    return _told("quarantine", Place(None, None), day, reasons=reasons, count=count, limit=limit)


def _told(event: str, place: Place, day: date, **facts: Any) -> dict[str, Message]:
    found = {}
    for language, words in _words()[event].items():
        said = facts | {"day": _day(day, language)} | _in_words(facts, language)
        lines = _compiled(words["lines"]).render(said).splitlines()
        title = _compiled(words["title"]).render(said).strip()
        shown = tuple(line.strip() for line in lines if line.strip())
        found[language] = Message(language, title, shown, place.links(language, words["links"]))
    return found


def _in_words(facts: Mapping[str, Any], language: str) -> Row:
    """Times as a reader of the language writes them."""
    standing = facts.get("standing")
    told: Row = {"as_of": _moment(facts["as_of"], language)} if "as_of" in facts else {}
    return told | ({"standing": standing | {"as_of": _moment(standing["as_of"], language)}} if standing else {})


def _of_edition(facts: Row) -> Row:
    gate, verify = facts["gate"], facts.get("to_verify", {"provisional": [], "returned": []})
    overdue: Counter[int] = Counter()
    for row in facts["years"]:
        overdue[row["fiscal_year"]] += row["overdue"]
    return {
        **{name: facts[name] for name in ("edition_id", "as_of", "override", "first", "unchanged", "ranks_moved")},
        **{name: facts["coverage"][name] for name in ("divisions", "submissions")},
        "counts": facts["counts"],
        "gate_zh": labels.zh("gate_decision", gate["decision"]),
        "gate_en": labels.en("gate_decision", gate["decision"]),
        "checks": gate["checks"],
        "noticed": gate["noticed"],
        "waived": len(facts["waivers"]),
        "provisional": [row | {"names": row["names"][:MOST_NAMES]} for row in verify["provisional"]],
        "awaited": [_named(row) for row in verify["returned"]],
        "overdue": [{"fiscal_year": year, "overdue": found} for year, found in overdue.items() if found],
        "moves": [_move(row) for row in facts["moves"] if _may_be_told(row)][:MOST_MOVES],
    }


def _may_be_told(move: Row) -> bool:
    """Only who is ranked in the published edition, and belongs to what the province publishes, is named in a chat."""
    return move["rank_now"] is not None and bool(move.get("is_publishable", True))


def _named(row: Row) -> Row:
    named = row["divisions"][:MOST_NAMES]
    names = [f"{one['name']} {one['count']}" for one in named]
    return row | {"names": names, "more": len(row["divisions"]) > len(named)}


def _move(row: Row) -> Row:
    league = row["league"] or "none"
    return {name: row[name] for name in ("fiscal_year", "name", "within", "is_provisional")} | {
        "league_zh": labels.zh("league", league),
        "league_en": labels.en("league", league),
        "before_zh": format.rank(row["rank_before"], False) if row["rank_before"] else "未排名",
        "now_zh": format.rank(row["rank_now"], row["is_tied"]),
        "before_en": row["rank_before"] or "unranked",
        "now_en": f"{row['rank_now']}{' (tied)' if row['is_tied'] else ''}",
    }


def _short(reasons: Sequence[Row]) -> list[Row]:
    return [{language: _cut(row.get(language) or "") for language in LANGUAGES} for row in reasons]


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _standing(about: About | None) -> Row | None:
    return {"edition_id": about.edition_id, "as_of": about.as_of} if about else None


def _day(day: date, language: str) -> str:
    return f"{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def _moment(at: str | None, language: str) -> str:
    if language == "zh" or not at:
        return format.moment(at) if language == "zh" else labels.en("null_word", "missing")
    return f"{datetime.fromisoformat(at).astimezone(format.BEIJING):%Y-%m-%d %H:%M} (Beijing time)"


@cache
def _words() -> dict[str, Any]:
    text = resources.files("publish").joinpath("digest.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


@cache
def _compiled(template: str) -> Template:
    """Plain text, so nothing is escaped; a name that a template misspells is an error, not an empty place."""
    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(template)
