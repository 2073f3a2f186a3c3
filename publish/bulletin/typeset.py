"""The bulletin as PDF, laid out by Typst after GB/T 9704 (layout.typ)."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any, Final

from jiheng.files import canonical_json
from publish import format
from publish.bulletin.text import Bulletin

# For the archive (PDF/A-2a) and for people who have it read to them (PDF/UA-1).
PDF_STANDARDS: Final = ("a-2a", "ua-1")
FONT_PACKAGE = "justmytype_intl_cjk"
FONT_FOLDER = ("fonts", "ofl", "notosanssc")
FALLBACK = "Noto Sans SC"
# The installation's own fonts: their folder, and the families for title, headings and body (方正小标宋, 黑体, 仿宋).
FONTS_VARIABLE = "JIHENG_FONTS"
FAMILY_VARIABLES = {"title": "JIHENG_FONT_TITLE", "heading": "JIHENG_FONT_HEADING", "body": "JIHENG_FONT"}


class FontMissingError(FileNotFoundError):
    """A font family that is set, but that no file of the font folder holds."""


def families() -> dict[str, str]:
    """The font family of title, heading and body; the body's where the others are not set."""
    body = os.environ.get(FAMILY_VARIABLES["body"]) or FALLBACK
    return {part: os.environ.get(variable) or body for part, variable in FAMILY_VARIABLES.items()}


def font_folders() -> list[Path]:
    """Where the font files are: the installation's own folder, and the package that stands in for what is not there."""
    named = os.environ.get(FONTS_VARIABLE)
    own = [Path(named)] if named else []
    try:
        return [*own, Path(str(resources.files(FONT_PACKAGE).joinpath(*FONT_FOLDER)))]
    except ModuleNotFoundError as error:
        if own:
            return own
        raise FileNotFoundError(
            "通报没有字体可用，请安装 justmytype-intl-cjk，或用 JIHENG_FONTS 指定字体目录"
            f" · no font for the bulletin: install justmytype-intl-cjk, or set {FONTS_VARIABLE} to a folder of fonts"
        ) from error


def fonts() -> dict[str, list[str]]:
    """Families of title, heading and body in the order to try.

    Raises FontMissingError for one that no file holds: Typst would take another for it without a word.
    """
    return _checked(_loaded().families())


def _loaded() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=font_folders())


def pdf(text: Bulletin) -> bytes:
    """The bulletin as tagged PDF/A and PDF/UA, dated by the edition's as-of time."""
    import typst

    loaded = _loaded()
    compiled: bytes = typst.compile(
        Path(str(resources.files("publish.bulletin").joinpath("layout.typ"))),
        font_paths=loaded,
        format="pdf",
        sys_inputs={"bulletin": canonical_json(text.plain()), "fonts": canonical_json(_checked(loaded.families()))},
        pdf_standards=list(PDF_STANDARDS),
        timestamp=int(format.instant(text.as_of).timestamp()),
    )
    return compiled


def _checked(present: list[str]) -> dict[str, list[str]]:
    known = {name.casefold() for name in present}
    wanted = families()
    for part, family in wanted.items():
        if family.casefold() not in known:
            variable = FAMILY_VARIABLES[part if os.environ.get(FAMILY_VARIABLES[part]) else "body"]
            folder = os.environ.get(FONTS_VARIABLE) or f"未设置 {FONTS_VARIABLE}"
            raise FontMissingError(
                f"{variable} 所指的字体“{family}”不在字体目录（{folder}）中，请核对字体的族名或补上字体文件"
                f" · the font family {family!r} of {variable} is not in the folder of fonts"
            )
    return {part: list(dict.fromkeys((family, FALLBACK))) for part, family in wanted.items()}
