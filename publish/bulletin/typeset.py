"""The bulletin as PDF, laid out by Typst after GB/T 9704 (layout.typ)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from jiheng.files import canonical_json
from jiheng.settings import Settings
from publish import format
from publish.bulletin.text import Bulletin

# For the archive (PDF/A-2a) and for people who have it read to them (PDF/UA-1).
PDF_STANDARDS: Final = ("a-2a", "ua-1")
FONT_PACKAGE = "justmytype_intl_cjk"
FONT_FOLDER = ("fonts", "ofl", "notosanssc")
FALLBACK = "Noto Sans SC"
VARIABLES = {"title": "JIHENG_FONT_TITLE", "heading": "JIHENG_FONT_HEADING", "body": "JIHENG_FONT"}


class FontMissingError(FileNotFoundError):
    """A font family that is set, but that no file of the font folder holds."""


@dataclass(frozen=True)
class Typefaces:
    """The installation's own fonts: their folder, and families for title, headings, body (方正小标宋, 黑体, 仿宋)."""

    folder: Path | None = None
    title: str = ""
    heading: str = ""
    body: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Typefaces:
        """The fonts that the settings name."""
        return cls(settings.fonts, settings.font_title, settings.font_heading, settings.font)

    def families(self) -> dict[str, str]:
        """The font family of title, heading and body; the body's where the others are not set."""
        body = self.body or FALLBACK
        return {"title": self.title or body, "heading": self.heading or body, "body": body}

    def variable(self, part: str) -> str:
        """The setting that the family of a part comes from."""
        return VARIABLES[part if getattr(self, part) else "body"]


# Where an installation names no fonts of its own.
STANDARD: Final = Typefaces()


def font_folders(faces: Typefaces) -> list[Path]:
    """Where the font files are: the installation's own folder, and the package that stands in for what is not there."""
    own = [faces.folder] if faces.folder else []
    try:
        return [*own, Path(str(resources.files(FONT_PACKAGE).joinpath(*FONT_FOLDER)))]
    except ModuleNotFoundError as error:
        if own:
            return own
        raise FileNotFoundError(
            "通报没有字体可用，请安装 justmytype-intl-cjk，或用 JIHENG_FONTS 指定字体目录"
            " · no font for the bulletin: install justmytype-intl-cjk, or set JIHENG_FONTS to a folder of fonts"
        ) from error


def fonts(faces: Typefaces) -> dict[str, list[str]]:
    """Families of title, heading and body in the order to try.

    Raises FontMissingError for one that no file holds: Typst would take another for it without a word.
    """
    return _checked(faces, _loaded(faces).families())


def _loaded(faces: Typefaces) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=font_folders(faces))


def pdf(text: Bulletin, faces: Typefaces = STANDARD) -> bytes:
    """The bulletin as tagged PDF/A and PDF/UA, dated by the edition's as-of time."""
    import typst

    loaded = _loaded(faces)
    chosen = _checked(faces, loaded.families())
    compiled: bytes = typst.compile(
        Path(str(resources.files("publish.bulletin").joinpath("layout.typ"))),
        font_paths=loaded,
        format="pdf",
        sys_inputs={"bulletin": canonical_json(text.plain()), "fonts": canonical_json(chosen)},
        pdf_standards=list(PDF_STANDARDS),
        timestamp=int(format.instant(text.as_of).timestamp()),
    )
    return compiled


def _checked(faces: Typefaces, present: list[str]) -> dict[str, list[str]]:
    known = {name.casefold() for name in present}
    wanted = faces.families()
    for part, family in wanted.items():
        if family.casefold() not in known:
            variable, folder = faces.variable(part), faces.folder or "未设置 JIHENG_FONTS"
            raise FontMissingError(
                f"{variable} 所指的字体“{family}”不在字体目录（{folder}）中，请核对字体的族名或补上字体文件"
                f" · the font family {family!r} of {variable} is not in the folder of fonts"
            )
    return {part: list(dict.fromkeys((family, FALLBACK))) for part, family in wanted.items()}
