"""What tests ask of a published page: its words, what is left in Chinese on an English one, and its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
WORDED = ("title", "aria-label", "alt", "placeholder", "content")


def parsed(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def chinese_left(path: Path, names: Iterable[str]) -> list[str]:
    """Chinese on a page that neither stands in an element which says that it is Chinese nor is one of these names."""
    page = parsed(path)
    for node in page.css('body [lang="zh-CN"], script, style'):
        node.decompose()
    said = [page.root.text(separator="\n")] if page.root else []
    said += [node.attributes[name] or "" for name in WORDED for node in page.css(f"[{name}]")]
    text = "\n".join(said)
    for name in sorted(names, key=lambda one: (-len(one), one)):
        text = text.replace(name, "")
    return HAN.findall(text)


def figures(path: Path) -> list[str]:
    """The exact values of a page, in their order."""
    return [node.attributes["data-value"] or "" for node in parsed(path).css("[data-value]")]
