"""Both languages of an edition: every text has its English, a page is in one language, both say the same figures."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

import publish
from publish import data
from publish.language import ZH, english, languages, messages
from publish.site.writer import environment
from tests.component import edition_fixture as made
from tests.pages import HAN, chinese_left, figures, parsed

PACKAGE = Path(publish.__file__).parent
TEMPLATES = PACKAGE / "site" / "templates"
PLACES = re.compile(r"%\((\w+)\)s")
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "trimmed": "false"}
# What a template may say in Chinese by itself: the name of the other language, a code, and marks between words.
OWN_CHINESE = {"中文", "（", "）", "、", "个（", "元", "\u3000"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def templates() -> list[Path]:
    return sorted(TEMPLATES.glob("*.html"))


def of_templates() -> set[str]:
    """Texts that templates give to `_` or hold between `trans` and `endtrans`."""
    return {
        str(message)
        for path in templates()
        for _, message, *_ in extract_from_file("jinja2.ext:babel_extract", path, keywords={"_": None}, options=OPTIONS)
    }


def modules() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def constants(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def of_modules() -> set[str]:
    """Chinese that the program gives to `language.text`, whichever of several it chooses."""
    calls = (one for module in modules() for one in ast.walk(module) if isinstance(one, ast.Call) and one.args)
    texts = (one.args[0] for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "text")
    return {text for argument in texts for text in constants(argument) if HAN.search(text)}


def test_every_text_has_its_english() -> None:
    wanted = of_templates() | of_modules()
    assert len(wanted) > 400
    assert sorted(wanted - set(english().texts)) == []


def test_no_english_stands_for_a_text_that_nobody_says() -> None:
    said = of_templates() | {text for module in modules() for text in constants(module)}
    assert sorted(set(english().texts) - said) == []


def test_a_text_is_translated_once() -> None:
    assert [text for text, times in Counter(str(one.id) for _, one in messages()).items() if times > 1] == []


def test_both_sides_of_a_text_have_the_same_places_and_percent_signs() -> None:
    for name, one in messages():
        chinese, in_english = str(one.id), str(one.string)
        assert in_english.strip(), (name, chinese)
        assert set(PLACES.findall(chinese)) == set(PLACES.findall(in_english)), (name, chinese)
        if PLACES.search(chinese):
            for side in (chinese, in_english):
                assert "%" not in PLACES.sub("", side).replace("%%", ""), (name, side)
        assert not HAN.search(in_english), (name, in_english)


def test_templates_say_no_chinese_by_themselves() -> None:
    for path in templates():
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"""_\(\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", "", text)
        assert sorted(set(HAN.findall(text)) - OWN_CHINESE) == [], path.name


def names(edition: Path) -> set[str]:
    """Names of places, departments and people that have no English: they stand in Chinese on every page."""
    loaded = data.load(edition)
    found = {row["name"] for row in (*loaded.divisions.values(), *loaded.departments.values())}
    found |= {row["region_group"] for row in loaded.divisions.values() if row["region_group"]}
    found |= {row["cohort_name"] for row in loaded.inflation_cohorts}
    for act in loaded.acts:
        found |= {act["done_by"], act["approved_by"]}
    return {name for name in found if name}


def test_pages_in_english_hold_chinese_only_where_they_say_so(edition: Path) -> None:
    known = names(edition)
    left = {
        path.name: found
        for path in sorted((edition / "site" / "en").rglob("*.html"))
        if (found := chinese_left(path, known))
    }
    assert left == {}


def test_both_languages_have_the_same_pages_and_figures(edition: Path) -> None:
    site = edition / "site"
    folders = [site / language.folder for language in languages()]
    chinese = {path.relative_to(site) for path in site.rglob("*.html")} - {
        path.relative_to(site) for path in folders[1].rglob("*.html")
    }
    assert chinese == {path.relative_to(folders[1]) for path in folders[1].rglob("*.html")}
    for name in sorted(chinese):
        for folder, language in zip(folders, languages(), strict=True):
            root = parsed(folder / name).css_first("html")
            assert root is not None and root.attributes["lang"] == language.tag, name
        assert figures(folders[0] / name) == figures(folders[1] / name), name


def test_chinese_words_in_an_english_sentence_are_told_apart_and_escaped(edition: Path) -> None:
    said = environment(english(), data.load(edition)).globals["said"]
    marked = said({"what_en": "<b> after 填报人"}, "what")
    assert marked == '&lt;b&gt; after <span lang="zh-CN">填报人</span>'
    assert said({"what_zh": "只有中文<b>"}, "what") == '<span lang="zh-CN">只有中文&lt;b&gt;</span>'
    assert said({"what_zh": "e1"}, "what") == "e1"
    assert environment(ZH, data.load(edition)).globals["said"]({"what_en": "x", "what": "中"}, "what") == "中"
