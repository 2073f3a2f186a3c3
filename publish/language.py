"""The two languages of an edition: Chinese is the language of the sources, English comes from the catalogues.

A text stands in the program in Chinese; its English is found by it in `site/english/*.po`, one catalogue a subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

from publish import labels

if TYPE_CHECKING:
    from babel.messages.catalog import Message

CATALOGUES = ("site", "english")


@dataclass(frozen=True)
class Language:
    """A language: its code, its tag in HTML, its folder below `site/`, and its texts by the Chinese ones."""

    code: str
    tag: str
    folder: str
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def text(self, chinese: str, **values: Any) -> str:
        """A text in this language, with its `%(name)s` places filled; the Chinese where there is no translation."""
        found = self.texts.get(chinese, chinese)
        return found % values if values else found

    def word(self, kind: str, code: object) -> str:
        """The words of a code in this language."""
        return labels.zh(kind, code) if self.code == ZH.code else labels.en(kind, code)


def messages() -> Iterator[tuple[str, Message]]:
    """Every entry of every catalogue, with the catalogue's name."""
    from babel.messages.pofile import read_po

    for path in sorted(resources.files("publish").joinpath(*CATALOGUES).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".po"):
            yield from ((path.name, one) for one in read_po(BytesIO(path.read_bytes())) if one.id)


@cache
def english() -> Language:
    """English, with all its catalogues."""
    return Language("en", "en", "en/", {str(one.id): str(one.string) for _, one in messages() if one.string})


ZH = Language("zh", "zh-CN", "")


def languages() -> tuple[Language, Language]:
    """Both languages, Chinese first."""
    return ZH, english()
