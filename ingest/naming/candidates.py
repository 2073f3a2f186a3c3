"""Which known indicators a new name may mean: hard gates first, then likeness of characters. People decide, never this.

Measured on real names (27 indicators): likeness alone takes 新开工 for 新竣工; inside the gates it is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz

MOST_CANDIDATES = 3
UNIT_GATE = "unit_family"
NO_WORD_CHARACTER = re.compile(r"[\W_]+")

# Gate to the morphemes of it that stand in a name.
Morphemes = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class KnownName:
    """A wording that is known to mean an indicator, with the family of units it is given in."""

    surface: str
    indicator_key: str
    unit_family: str


@dataclass(frozen=True)
class Candidate:
    """An indicator that a name may mean: its wording that is most like the name, and how like (0 to 100)."""

    indicator_key: str
    surface: str
    similarity: int


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _gate_words() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """One pattern of all words of all gates, the longest first, and each word's gate and morpheme."""
    meaning = {
        word: (gate["gate"], morpheme)
        for gate in _words()["gates"]
        for morpheme, words in gate["morphemes"].items()
        for word in words
    }
    return re.compile("|".join(map(re.escape, sorted(meaning, key=lambda word: (-len(word), word))))), meaning


@cache
def _fillers() -> re.Pattern[str]:
    words = sorted(_words()["fillers"], key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words)))


def morphemes_of(surface: str) -> dict[str, frozenset[str]]:
    """The head morphemes of a name, gate by gate; a gate without any is left out."""
    pattern, meaning = _gate_words()
    found: dict[str, set[str]] = defaultdict(set)
    for word in pattern.findall(_plain(surface)):
        gate, morpheme = meaning[word]
        found[gate].add(morpheme)
    return {gate: frozenset(morphemes) for gate, morphemes in found.items()}


def gate_names() -> dict[str, str]:
    """The Chinese name of each gate."""
    return {UNIT_GATE: "单位族"} | {gate["gate"]: gate["zh"] for gate in _words()["gates"]}


def _plain(surface: str) -> str:
    """Letters and figures alone, full-width ones as usual ones."""
    return NO_WORD_CHARACTER.sub("", unicodedata.normalize("NFKC", surface))


def _core(surface: str) -> str:
    """What is compared: a name without fillers; the whole of one that is nothing else."""
    plain = _plain(surface)
    return _fillers().sub("", plain) or plain


def known_names(
    indicators: Iterable[tuple[str, str, str]],
    aliases: Iterable[tuple[str, str, str]],
    answers: Iterable[tuple[str, str, str]],
) -> list[KnownName]:
    """All known wordings, each given as (surface, indicator_key, unit_family): official names, aliases, answers."""
    return sorted(
        {KnownName(*row) for rows in (indicators, aliases, answers) for row in rows},
        key=lambda name: (name.surface, name.indicator_key, name.unit_family),
    )


class Finder:
    """Finds candidates among known names. A name is compared with those behind the same gates only."""

    def __init__(self, known: Iterable[KnownName]) -> None:
        self._behind: dict[tuple[str | None, frozenset[Any]], list[tuple[str, KnownName]]] = defaultdict(list)
        for name in known:
            compared = _core(name.surface), name
            signature = _signature(name.surface)
            self._behind[name.unit_family, signature].append(compared)
            self._behind[None, signature].append(compared)

    def candidates(self, surface: str, unit_family: str | None) -> list[Candidate]:
        """The indicators most like a name, best first; `unit_family` None opens that gate (a growth in percent)."""
        core, best = _core(surface), dict[str, Candidate]()
        for compared, name in self._behind.get((unit_family, _signature(surface)), ()):
            similarity = round(fuzz.ratio(core, compared))
            standing = best.get(name.indicator_key)
            if similarity >= _words()["least_similarity"] and (not standing or similarity > standing.similarity):
                best[name.indicator_key] = Candidate(name.indicator_key, name.surface, similarity)
        return sorted(best.values(), key=lambda one: (-one.similarity, one.indicator_key))[:MOST_CANDIDATES]


def _signature(surface: str) -> frozenset[Any]:
    return frozenset(morphemes_of(surface).items())


def gates_crossed(surface: str, unit_family: str | None, names: Iterable[KnownName]) -> tuple[str, ...]:
    """The gates between a name and an indicator (all of whose known names are given): a person may cross them."""
    families, morphemes = set(), []
    for name in names:
        families.add(name.unit_family)
        morphemes.append(morphemes_of(name.surface))
    if not morphemes:
        return ()
    own = morphemes_of(surface)
    closed = [UNIT_GATE] if unit_family is not None and unit_family not in families else []
    for gate in (gate["gate"] for gate in _words()["gates"]):
        if all(own.get(gate) != theirs.get(gate) for theirs in morphemes):
            closed.append(gate)
    return tuple(closed)
