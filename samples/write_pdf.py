"""PDF files with real text, set by Typst in an open Chinese typeface that comes with a package."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import cast

import typst

from jiheng.settings import Settings
from samples.blocks import Block

FONT_PACKAGE = "justmytype_intl_cjk"
FONT_FOLDER = Path("fonts/ofl/notosanssc")
PAGE = (
    "#set document(date: none)\n"
    '#set page(paper: "a4", margin: 2.4cm, numbering: "1")\n'
    '#set text(font: "Noto Sans SC", size: 11pt, lang: "zh", region: "cn")\n'
    "#set par(leading: 0.9em, justify: true)\n"
)
FORMS = {
    "title": '#align(center, text(size: 18pt, "{}"))',
    "cover": '#text("{}")',
    "heading": '#text(size: 13pt, "{}")',
    "text": '#h(2em)#text("{}")',
}


def pdf_file(blocks: list[Block]) -> bytes:
    """The blocks as a .pdf file; the same blocks give the same bytes."""
    source = PAGE + "\n\n".join(_table(block) if block.kind == "table" else _paragraph(block) for block in blocks)
    content = _compiler().compile(input=source.encode(), format="pdf", timestamp=0, pdf_tags=False)
    return cast(bytes, content)  # one file comes back for the PDF format


def font_folder() -> Path:
    """Where the typeface lies: the folder named by JIHENG_FONTS, else inside its package.

    Raises FileNotFoundError when neither is there.
    """
    if (own := Settings().fonts) is not None:
        return own
    found = importlib.util.find_spec(FONT_PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"no typeface: install {FONT_PACKAGE} or name a folder in JIHENG_FONTS")
    return Path(found.origin).parent / FONT_FOLDER


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
    return typst.Compiler(font_paths=fonts)


def _paragraph(block: Block) -> str:
    return FORMS[block.kind].format(_quoted(block.text))


def _table(block: Block) -> str:
    cells = ", ".join(f'[#text("{_quoted(text)}")]' for row in block.rows for text in row)
    return f"#table(columns: {len(block.rows[0])}, {cells})"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
