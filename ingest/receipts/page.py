"""A receipt as a page that needs nothing beside it: opened from a folder, printed, sent on."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.receipts.receipt import Receipt

if TYPE_CHECKING:
    from jinja2 import Template

SEVERITY_WORDS = {"P0": "必须改正", "P1": "需要说明", "P2": "提示"}


@cache
def _template() -> Template:
    import jinja2

    loaded = resources.files("ingest.receipts").joinpath("page.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(loaded)


def page_of(receipt: Receipt) -> str:
    """The page's HTML; every word of the sender's is escaped."""
    return _template().render(receipt=receipt, severity_words=SEVERITY_WORDS)
