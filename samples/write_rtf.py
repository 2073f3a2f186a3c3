"""Rich text (RTF), as old word processors save it: every character beyond ASCII as its number."""

from __future__ import annotations

from samples.blocks import Block

HEAD = r"{\rtf1\ansi\ansicpg936\uc1\deff0{\fonttbl{\f0 SimSun;}}"
FORMS = {"title": r"\pard\qc\b ", "cover": r"\pard ", "heading": r"\pard\b ", "text": r"\pard\fi480 "}
# Where the edge of each cell lies, in twentieths of a point.
CELL_WIDTH = 1800


def rtf_file(blocks: list[Block]) -> bytes:
    """The blocks as a .rtf file."""
    return "\n".join([HEAD, *map(_element, blocks), "}"]).encode("ascii")


def _element(block: Block) -> str:
    if block.kind == "table":
        return "\n".join(map(_row, block.rows))
    return f"{FORMS[block.kind]}{_escaped(block.text)}\\b0\\par"


def _row(cells: tuple[str, ...]) -> str:
    edges = "".join(f"\\cellx{CELL_WIDTH * (number + 1)}" for number in range(len(cells)))
    written = "".join(rf"\pard\intbl {_escaped(cell)}\cell " for cell in cells)
    return rf"\trowd{edges}{written}\row"


def _escaped(text: str) -> str:
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    return "".join(_character(number) for number in numbers)


def _character(number: int) -> str:
    if number == ord("\n"):
        return "\\line "
    if number == ord("\t"):
        return "\\tab "
    plain = 0x20 <= number < 0x7F
    if plain and chr(number) in "\\{}":
        return "\\" + chr(number)
    return chr(number) if plain else f"\\u{number}?"
