"""Chinese and English words for the codes that the warehouse carries; the words are data, in labels.csv."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def _labels() -> dict[tuple[str, str], tuple[str, str]]:
    text = resources.files("publish").joinpath("labels.csv").read_text(encoding="utf-8")
    return {(row["kind"], row["code"]): (row["zh"], row["en"]) for row in csv.DictReader(text.splitlines())}


def known(kind: str, code: object) -> bool:
    """Whether there are words for this code."""
    return (kind, str(code)) in _labels()


def zh(kind: str, code: object) -> str:
    """The Chinese words of a code; a code without words is shown as it is, never dropped. None gives 未提供."""
    return _word(kind, code, 0)


def en(kind: str, code: object) -> str:
    """The English words of a code, with the same rules."""
    return _word(kind, code, 1)


def codes(kind: str) -> list[str]:
    """The codes of a kind, in the order of the file."""
    return [code for label_kind, code in _labels() if label_kind == kind]


def _word(kind: str, code: object, language: int) -> str:
    if code is None:
        return _labels()["null_word", "missing"][language]
    words = _labels().get((kind, str(code)))
    return words[language] if words else str(code)
