"""Web pages, as office programs save them."""

from __future__ import annotations

from html import escape

from samples.blocks import Block

PAGE = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>{}</title></head>\n'
    "<body>\n{}\n</body>\n</html>\n"
)
TAGS = {"title": "h1", "cover": "p", "heading": "h2", "text": "p"}


def html_file(blocks: list[Block]) -> bytes:
    """The blocks as a page in UTF-8."""
    title = next((block.text for block in blocks if block.text), "")
    return PAGE.format(escape(title), "\n".join(map(_element, blocks))).encode()


def _element(block: Block) -> str:
    if block.kind == "table":
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block.rows)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    return f"<{TAGS[block.kind]}>{escape(block.text)}</{TAGS[block.kind]}>"
