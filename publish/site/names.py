"""Names of places in pinyin: for the search on the index, and for the reader of an English page.

Proper names are written together with a capital, as the spelling rules for place names have it, and the generic word
(县, 区, 市 …) is translated: 甲乙县 is Jiayi County. Where the proper name is one character the generic word is part
of what people call the place, and is kept: 甲县 is Jiaxian County.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

VOWELS = "aoe"
LOWER = re.compile(r"[a-z]+")
ASIDE = re.compile(r"[（(].*[）)]")
NEITHER = re.compile(r"[^A-Za-z0-9]")


def searched(name: str) -> str:
    """What a name is found by in Latin letters: full pinyin, then initials: `jiayixian jyx`. A ü is both v and u, as
    people type it.
    """
    spelt = [one for one in (NEITHER.sub("", one) for one in syllables(name)) if one]
    full, initials = "".join(spelt), "".join(one[0] for one in spelt)
    typed = [full, full.replace("v", "u"), initials] if "v" in full else [full, initials]
    return " ".join(dict.fromkeys(typed)).lower()


@cache
def english(name: str, kind: str | None) -> str:
    """A division's name for English pages: Jiayi County, Jiayi Bingding Autonomous County, Jia'an City."""
    proper, generic = _parted(name, kind)
    proper, nationalities = _without_nationalities(proper) if generic.startswith("Autonomous") else (proper, [])
    if len(proper) < 2 and generic:
        proper = name
    words = [_proper(proper), _listed(nationalities), generic]
    return " ".join(word for word in words if word)


def brief(name: str, kind: str | None) -> str:
    """A division's name as people say it: without the word for its kind and the peoples of an autonomous one; of a
    long word for a zone its short form. A name of one character keeps the word.
    """
    named = ASIDE.sub("", name)
    proper, _ = _parted(named, kind)
    if len(proper) < 2:
        return named
    short = _short_words().get(named.removeprefix(proper), "")
    return _without_nationalities(proper)[0] + short


def syllables(name: str) -> list[str]:
    """The syllables of a name, ü as v; what is no Chinese character stays as it is written."""
    return [one for word, spelt in _words(name) for one in spelt]


def _words(name: str) -> Iterator[tuple[str, list[str]]]:
    """Parts of a name with their syllables: places that a dictionary of words reads wrongly, and what is between."""
    from pypinyin import lazy_pinyin

    for part in _known_places().split(name):
        if part:
            known = _places().get(part)
            yield part, known[0].split() if known else lazy_pinyin(part)


@cache
def _places() -> dict[str, tuple[str, str]]:
    return {row["name"]: (row["syllables"], row["roman"]) for row in _table("place_names.csv")}


@cache
def _known_places() -> re.Pattern[str]:
    longest_first = sorted(_places(), key=lambda name: (-len(name), name))
    return re.compile(f"({'|'.join(longest_first)})")


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("publish.site").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _generics(kind: str | None) -> list[tuple[str, str]]:
    """Generic words with their English, the longest first; those of the kind of division before the common ones."""
    rows = [row for row in _table("place_words.csv") if row["kind"] in ("generic", kind)]
    found = {row["word"]: row["english"] for row in sorted(rows, key=lambda row: row["kind"] != "generic")}
    return sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))


@cache
def _short_words() -> dict[str, str]:
    return {row["word"]: row["short"] for row in _table("place_words.csv") if row["short"]}


@cache
def _nationalities() -> dict[str, str]:
    return {row["word"]: row["english"] for row in _table("place_words.csv") if row["kind"] == "nationality"}


def _parted(name: str, kind: str | None) -> tuple[str, str]:
    """A name without its generic word, and that word in English; the longest one that leaves a name of two characters,
    else the longest.
    """
    fitting = [(name.removesuffix(word), english) for word, english in _generics(kind) if name.endswith(word)]
    named = [found for found in fitting if len(found[0]) > 1]
    return (named or fitting or [(name, "")])[0]


def _without_nationalities(proper: str) -> tuple[str, list[str]]:
    found: list[str] = []
    while ending := next(
        (word for word in _nationalities() if len(proper.removesuffix(word)) in range(2, len(proper))), None
    ):
        proper = proper.removesuffix(ending)
        found.insert(0, _nationalities()[ending])
    return proper, found


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def _proper(name: str) -> str:
    """A proper name in one word with a capital; an apostrophe keeps syllables apart that would run together."""
    written = ""
    for part, spelt in _words(name):
        roman = _places().get(part, ("", ""))[1]
        if roman:
            written += f" {roman}" if written else roman
            continue
        for one in spelt:
            syllable = one.replace("v", "ü") if LOWER.fullmatch(one) else one
            written += f"'{syllable}" if written[-1:].isalpha() and syllable[0] in VOWELS else syllable
    return written[:1].upper() + written[1:]
