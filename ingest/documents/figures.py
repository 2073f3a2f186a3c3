"""Figures in recognised text, as far as two readings of it are compared."""

from __future__ import annotations

import re

FOLDED = str.maketrans("０１２３４５６７８９．，％＋－—–", "0123456789.,%+---")
FIGURE = re.compile(r"[-+]?\d[\d.,]*[%‰]?[千百万亿]*|百分之[〇零一二三四五六七八九十百点]+")
WELL_FORMED = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰]?[千百万亿]*|百分之.+")
# A thousands comma read as a point: 238.520.90 can only be 238,520.90.
TWO_POINTS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+\.\d{2}(?![\d.,]*\d)")
SEPARATORS = str.maketrans("", "", ".,")


def figures_of(text: str) -> tuple[str, ...]:
    """The figures in a line as they are written, with sign, separators, percent and multiple: what must agree."""
    return tuple(figure.rstrip(".,") for figure in FIGURE.findall(text.translate(FOLDED).replace(" ", "")))


def better_of(one: str, other: str) -> str:
    """Of two readings with the same digits the one whose points and commas make numbers: 96,440.26, not 96.440.26."""
    figures, others = figures_of(one), figures_of(other)
    same = [figure.translate(SEPARATORS) for figure in figures] == [figure.translate(SEPARATORS) for figure in others]
    return other if same and not well_formed(one) and well_formed(other) else one


def with_commas(text: str) -> str:
    """The line with thousands separated by commas where they were read as points."""

    def separated(match: re.Match[str]) -> str:
        whole, point, decimals = match[0].rpartition(".")
        return whole.replace(".", ",") + point + decimals

    return TWO_POINTS.sub(separated, text)


def well_formed(text: str) -> bool:
    """Whether the points and commas of all figures in a line make numbers."""
    return all(WELL_FORMED.fullmatch(figure) for figure in figures_of(text))
