"""The colours of the pages, for eyes that see all of them and for eyes that do not tell red from green."""

from __future__ import annotations

import re
from importlib import resources

import pytest

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "all": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": (
        *((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413)),
        *((-0.011820, 0.042940, 0.968881),),
    ),
    "protanopia": (
        *((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216)),
        *((-0.003882, -0.048116, 1.051998),),
    ),
}
TEXT = ("ink", "soft", "link", "red", "amber", "green")
GROUNDS = {"card": TEXT, "ground": TEXT, "mark": ("ink",)}
STRIPS = ("red-ground", "amber-ground", "green-ground")


def schemes() -> dict[str, dict[str, str]]:
    """The named colours of each scheme; the dark one changes some of the light one."""
    css = resources.files("publish.site").joinpath("assets", "style.css").read_text(encoding="utf-8")
    colour = r"--([\w-]+):\s*(#[0-9a-f]{6})"
    light = dict(re.findall(colour, css.split("@media")[0]))
    dark = dict(re.findall(colour, css.split(':root[data-theme="dark"] {')[1].split("}")[0]))
    return {"light": light, "dark": light | dark}


def seen(colour: str, sight: str) -> tuple[float, ...]:
    """A colour in linear light, as this sight has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    rows = SIGHTS[sight]
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in rows)


def contrast(one: str, other: str, sight: str) -> float:
    """The ratio of WCAG: 1 is none, 21 the most."""
    high, low = sorted(
        (0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (seen(one, sight), seen(other, sight))), reverse=True
    )
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_on_their_ground(scheme: str, sight: str) -> None:
    colours = schemes()[scheme]
    pairs = [(word, ground) for ground, words in GROUNDS.items() for word in words]
    pairs += [(word, ground) for ground in STRIPS for word in ("ink", "soft", "link")]
    weak = {
        (word, ground): round(ratio, 2)
        for word, ground in pairs
        if (ratio := contrast(colours[word], colours[ground], sight)) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbours_in_a_bar_differ_in_more_than_hue(scheme: str, sight: str) -> None:
    """Stretches of the bar of filings stand in this order; self scores and evidence share a line."""
    colours = schemes()[scheme]
    for one, other in (("red", "late"), ("late", "wait"), ("bar", "late")):
        first, second = seen(colours[one], sight), seen(colours[other], sight)
        apart = max(abs(a - b) for a, b in zip(first, second, strict=True))
        assert contrast(colours[one], colours[other], sight) >= 1.4 or apart >= 0.25, (one, other)
    assert (
        max(abs(a - b) for a, b in zip(seen(colours["bar"], sight), seen(colours["red"], sight), strict=True)) >= 0.15
    ), "accepted beside returned"
