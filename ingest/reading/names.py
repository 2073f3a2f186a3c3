"""The noun that a figure counts: cut out of the words around it, and compared with other nouns."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from ingest.reading import grammar

# Words are trimmed from both ends this many times: a bound, so that no text can make it long.
MOST_TRIMS = 8
LEAST_NOUN = 2
# The title of a document with its number before other words (《…办法》(…〔2022〕3号)), whole or its end.
TITLE = re.compile(r"(?:《[^《》]*|^[^《》]*)》(?:\([^()]*\))?(?=.)")


@lru_cache(maxsize=grammar.LOOKUPS)
def noun_of(before: str, after: str) -> str:
    """The noun of a figure from the words before it and those right behind it; empty when neither names one."""
    before = TITLE.sub("", before)
    noun = _shortened(_head(_trimmed(before)))
    summed = grammar.named("names", "summed").search(before)
    if noun and not _verb_at_end().search(noun) and not (summed and after):
        return noun
    behind = _shortened(_trimmed(_behind(after)))
    replaced = len(noun) > LEAST_NOUN or summed or noun in grammar.load("names")["linking"]
    return behind if replaced and behind else noun + behind


def core_of(name: str) -> str:
    """A name without the characters that carry no meaning, for comparing two of them."""
    return grammar.named("names", "clutter").sub("", name)


@lru_cache(maxsize=grammar.LOOKUPS)
def category_of(words: str, reference: Path) -> str | None:
    """The budget category that the words name; `reference` holds the categories and other words for them."""
    words = grammar.named("names", "no_category").sub("", words)
    found = [(len(match[0]), match.start(), match[0]) for match in _category_pattern(reference).finditer(words)]
    return _categories(reference)[max(found)[2]] if found else None


def without_categories(words: str, reference: Path) -> str:
    """The words without names of categories, in which 支出 and 预算 say nothing of the stage (基本支出)."""
    return _category_pattern(reference).sub("□", words)


@cache
def _categories(reference: Path) -> dict[str, str]:
    return {name: row.id for row in grammar.categories(reference) for name in row.words}


@cache
def _category_pattern(reference: Path) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_categories(reference), key=len, reverse=True))))


def _head(noun: str) -> str:
    """Of names with a common noun (盲人按摩、电商等培训班) the common noun."""
    names, _, head = noun.rpartition("等")
    return head if len(head) >= LEAST_NOUN and "、" in names else noun


def _behind(words: str) -> str:
    """The words behind a figure up to where its noun ends."""
    ends = grammar.named("names", "behind_ends").search(words, LEAST_NOUN)
    return words[: ends.start()] if ends else words


def begins_with_verb(words: str) -> bool:
    """Whether the words begin with a verb of work."""
    return _work_pattern().match(words) is not None


def is_verb(noun: str) -> bool:
    """Whether a noun is nothing but a verb of work, or a state of what was counted (在册, 实有)."""
    return grammar.named("names", "states").fullmatch(noun) is not None or (_verb_pattern().fullmatch(noun) is not None)


@cache
def _work_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(grammar.load("names")["verbs"], key=len, reverse=True))))


@cache
def _verb_pattern() -> re.Pattern[str]:
    data = grammar.load("names")
    longest_first = sorted([*data["verbs"], *data["linking"]], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _verb_at_end() -> re.Pattern[str]:
    return re.compile(f"(?:{_verb_pattern().pattern})$")


def _trimmed(words: str) -> str:
    leading, trailing = grammar.named("names", "leading"), grammar.named("names", "trailing")
    for _ in range(MOST_TRIMS):
        shorter = trailing.sub("", leading.sub("", words))
        if shorter == words:
            break
        words = shorter
    return words


def _shortened(noun: str) -> str:
    """A long string of words from its last verb on, where a noun stands behind that."""
    longest = grammar.load("names")["longest"]
    if len(noun) <= longest:
        return noun
    last = noun.rpartition("、")[2]
    if LEAST_NOUN * 2 <= len(last) <= longest:
        return last
    starts = [match.start() for match in _verb_pattern().finditer(noun) if len(noun) - match.end() >= LEAST_NOUN]
    described = noun.rpartition("的")[2]
    if starts:
        return noun[starts[-1] :]
    return described if len(described) >= LEAST_NOUN * 2 else noun
