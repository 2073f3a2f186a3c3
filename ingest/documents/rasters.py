"""Scanned pages made ready for recognition: upright, evenly lit, without the red stamps that lie over the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Pictures are arrays of uint8, height by width (gray) or height by width by 3 (red, green, blue).
Picture = Any
PAPER = 250


@dataclass(frozen=True)
class Raster:
    """An upright page: `gray` without stamps, `plain` with what the red channel shows of them, and where they lay."""

    gray: Picture
    plain: Picture
    stamped: Picture


def prepare(colours: Picture, rules: Mapping[str, Any]) -> Raster:
    """Make a page upright, light it evenly and take stamps off. `rules` are those of `ocr.yaml`."""
    import cv2
    import numpy as np

    upright = turned_upright(colours, rules["skew"])
    gray = cv2.cvtColor(upright, cv2.COLOR_RGB2GRAY)
    redness = upright[:, :, 0].astype(np.int16) - upright[:, :, 1:].max(axis=2)
    zone = _stamps(redness, rules["stamp"])
    if not zone.any():
        even = _evenly_lit(gray)
        return Raster(even, even, zone)
    plain = _evenly_lit(_choose(zone, upright[:, :, 0], gray))
    cleaned = _without_stamps(plain, zone, redness > rules["stamp"]["redness"], rules["stamp"])
    return Raster(_without_remains(cleaned, plain, zone, redness, rules["stamp"]), plain, zone)


def turned_upright(colours: Picture, rules: Mapping[str, Any]) -> Picture:
    """The page turned by its skew, the corners filled with paper."""
    import cv2

    degrees = skew_of(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), rules)
    if abs(degrees) < rules["least_degrees"]:
        return colours
    height, width = colours.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(
        colours, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(PAPER,) * 3
    )


def skew_of(gray: Picture, rules: Mapping[str, Any]) -> float:
    """By how many degrees, counted against the clock, the page must be turned so that its lines lie level.

    Level lines make the sums of ink by row differ most from one row to the next.
    """
    import cv2
    import numpy as np

    scale = 600 / max(gray.shape)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), 15)
    ink = np.clip(paper.astype(np.float32) - small - 25, 0, 255)
    height, width = ink.shape

    def sharpness(degrees: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float((np.diff(rows) ** 2).sum())

    widest, step, fine = rules["widest_degrees"], rules["step_degrees"], rules["fine_degrees"]
    coarse = max(np.arange(-widest, widest + step / 2, step), key=sharpness)
    return float(max(np.arange(coarse - step, coarse + step + fine / 2, fine), key=sharpness))


def _evenly_lit(gray: Picture) -> Picture:
    """Shadows and yellowed paper taken out: everything is scaled by the paper around it."""
    import cv2
    import numpy as np

    height, width = gray.shape
    small = cv2.resize(gray, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 9)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.clip(gray * (PAPER / np.maximum(paper, 60)), 0, 255).astype(np.uint8)


def _stamps(redness: Picture, rules: Mapping[str, Any]) -> Picture:
    """A mask of the rectangles that large red things fill. Red text is too small to be one, and is left alone."""
    import cv2
    import numpy as np

    red = (redness > rules["redness"]).astype(np.uint8)
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    stats = cv2.connectedComponentsWithStats(closed)[2][1:]
    zone = np.zeros_like(red)
    spread = rules["spread"]
    for x, y, width, height, _ in stats[stats[:, 2:4].min(axis=1) > rules["least_side"] * red.shape[1]].tolist():
        zone[max(y - spread, 0) : y + height + spread, max(x - spread, 0) : x + width + spread] = 1
    return zone


def _without_stamps(plain: Picture, zone: Picture, reddish: Picture, rules: Mapping[str, Any]) -> Picture:
    """Ink of the stamp made paper. Text under it is darker than the stamp around it, even in the red channel."""
    import cv2
    import numpy as np

    red = cv2.morphologyEx(reddish.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) & zone
    base = plain.astype(np.float32)
    ink = red.astype(np.float32)
    stamp = _mean_where(base, ink)
    stamp = _mean_where(base, ink * (base >= stamp))
    darker = cv2.GaussianBlur(stamp - base, (0, 0), 0.7)
    contrast = max(float(rules["least_contrast"]), float(np.percentile(darker[red > 0], 98)) if red.any() else 0.0)
    low, high = rules["whitens_below"], rules["blackens_above"]
    cleaned = PAPER * (1 - np.clip((darker / contrast - low) / (high - low), 0, 1))
    # The stamp's blurred rim is hardly red; there, too, only what is darker than its ink is text.
    spread = cv2.dilate(red, np.ones((rules["spread"],) * 2, np.uint8)) & zone
    return _choose(spread, cleaned.astype(np.uint8), plain)


def _without_remains(
    cleaned: Picture, plain: Picture, zone: Picture, redness: Picture, rules: Mapping[str, Any]
) -> Picture:
    """Thin strokes of a stamp that are left: reddish things without one pixel as black as the page's text is."""
    import cv2
    import numpy as np

    count, labels = cv2.connectedComponents(((cleaned < PAPER - rules["least_contrast"]) & (zone > 0)).astype(np.uint8))
    flat = labels.ravel()
    sizes = np.maximum(np.bincount(flat, minlength=count), 1)
    reddish = np.bincount(flat, weights=redness.ravel(), minlength=count) / sizes > rules["remains_redness"]
    darkest = np.full(count, 255, np.uint8)
    np.minimum.at(darkest, flat[flat > 0], plain.ravel()[flat > 0])
    black = np.percentile(plain[plain < PAPER / 2], 25) if (plain < PAPER / 2).any() else 0
    remains = reddish & (darkest > black + rules["remains_lighter"])
    remains[0] = False
    return _choose(remains[labels], np.uint8(PAPER), cleaned)


def _mean_where(values: Picture, weights: Picture) -> Picture:
    """The mean of the values around each pixel, by weight."""
    import cv2
    import numpy as np

    return cv2.blur(values * weights, (81, 81)) / np.maximum(cv2.blur(weights, (81, 81)), 1e-3)


def _choose(mask: Picture, inside: Picture, outside: Picture) -> Picture:
    import numpy as np

    return np.where(mask > 0, inside, outside)
