"""Renders the pages of an edition in both languages: one template and one context a page, two files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from publish import figures, format
from publish.data import Edition
from publish.language import ZH, Language, languages
from publish.site.folding import FoldingEnvironment
from publish.site.names import english
from publish.site.views import strip

Context = dict[str, Any]
# Functions of publish.format that say something in the language of the page.
WORDED = (
    *("wan", "exact_yuan", "percent", "exact", "number", "score", "null", "moment", "day", "period"),
    *("with_operator", "with_unit", "rank", "interval", "movement", "points_moved", "places_moved", "count"),
)

# A stretch of Chinese on a page in another language.
CHINESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")
SPOKEN_CHINESE = Markup('<span lang="zh-CN">{}</span>')

# Marks between words, and how the words of a report, always Chinese, are told apart from those of an English page.
MARKS = {
    "zh": {"colon": "：", "comma": "，", "semicolon": "；", "stop": "。", "listed": "、", "original": "", "spoken": ""},
    "en": {
        **{"colon": ": ", "comma": ", ", "semicolon": "; ", "stop": ".", "listed": ", "},
        **{"original": Markup(' lang="zh-CN"'), "spoken": Markup(' lang="en"')},
    },
}


class Writer:
    """Renders templates into the files of a site."""

    def __init__(self, folder: Path, edition: Edition) -> None:
        self.folder = folder
        self.languages = languages()
        self._common = {"about": edition.about, "strip": strip(edition), "edition": edition}
        self._environments = {language: environment(language, edition) for language in self.languages}
        for made in self._environments.values():
            made.globals["once"] = cache(partial(self._once, made))

    def page(
        self, template: str, target: str, context: Context, of_language: Mapping[Language, Context] | None = None
    ) -> None:
        """Write a page in every language; `target` is its path below the root of a language. `of_language` gives what
        only the page of one language has.
        """
        for language in self.languages:
            content = self.part(language, template, target, context | ((of_language or {}).get(language) or {}))
            path = self.folder / language.folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            # Nobody reads the edition before it is complete and on the disk as a whole: no file needs to be so alone.
            path.write_text(content, encoding="utf-8", newline="")

    def _once(self, made: jinja2.Environment, template: str, **values: str) -> Markup:
        """A part that thousands of pages share, without its last line end: rendered once for the values it is given."""
        found = made.get_template(template).render(self._common | values)
        return Markup(found.removesuffix("\n"))  # noqa: S704 (templates escape)

    def part(self, language: Language, template: str, target: str, context: Context) -> Markup:
        """A page, or a part of one, in a language."""
        found = self._environments[language].get_template(template)
        return Markup(found.render(self._common | context | places(language, target)))  # noqa: S704 (templates escape)


def places(language: Language, target: str) -> Context:
    """The ways from a page: `root` to the pages of its language, `site` to what languages share, `target` its own."""
    root = "../" * target.count("/")
    return {"root": root, "site": root + "../" * language.folder.count("/"), "target": target}


def environment(language: Language, edition: Edition) -> jinja2.Environment:
    """Templates escape everything, and a name that a page does not have is an error, not an empty place."""
    made = FoldingEnvironment(
        loader=jinja2.PackageLoader("publish.site", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.constant = {"_": partial(text, language), "word": language.word}
    made.globals.update({name: partial(getattr(format, name), language=language) for name in WORDED})
    made.globals.update(
        **made.constant,
        language=language,
        other=next(one for one in languages() if one.code != language.code),
        page=format.page,
        day_of=format.day_of,
        file_size=format.file_size,
        said=partial(said, language),
        in_brackets=lambda inner: f"（{inner}）" if language.code == "zh" else f" ({inner})",
        **MARKS[language.code],
        **names(language, edition),
    )
    return made


def text(language: Language, chinese: str, **values: Any) -> Markup:
    """A text of the page, which may hold markup; the values put into it may not."""
    found = Markup(language.text(chinese))  # noqa: S704 (texts are the program's own)
    return found % {name: escape(value) for name, value in values.items()} if values else found


def said(language: Language, row: Mapping[str, Any], name: str) -> Any:
    """What a row says under a name in the language of the page; in Chinese where it says nothing else. Chinese words
    on an English page are told apart, so that they are read out as such.
    """
    own = row.get(f"{name}_{language.code}")
    found = own or row.get(f"{name}_zh") or row.get(name)
    if language == ZH or not isinstance(found, str) or not CHINESE.search(found):
        return found
    marked = CHINESE.sub(lambda words: SPOKEN_CHINESE.format(words[0]), str(escape(found)))
    return Markup(marked) if own else SPOKEN_CHINESE.format(found)  # noqa: S704 (escaped above)


def names(language: Language, edition: Edition) -> Context:
    """What things of the edition are called in a language."""

    @cache
    def division(key: str | None) -> str:
        name = edition.division_name(key)
        found = edition.divisions.get(key or "", {})
        return name if language.code == ZH.code or not found else english(name, found.get("kind"))

    return {
        "category": partial(edition.category_name, language=language),
        "function": partial(edition.function_name, language=language),
        "indicator": partial(edition.indicator_name, language=language),
        "division": division,
        "figure_told": partial(figures.told, edition, language=language),
    }
