"""What a province sets for its bulletin, from the registers `bulletin`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiheng.settings import Settings

if TYPE_CHECKING:
    from publish.bulletin import Style

WORDS, NUMBERS = ("red_head", "number", "signature"), ("show_first", "show_last")


def bulletin_style(settings: Settings) -> Style:
    """The bulletin's style; the installation's own rows come last and win.

    Raises `TableError`, with file and row, for a setting that does not exist and for a number that is none.
    """
    from ingest.registers import BULLETIN, read_rows
    from publish.bulletin import Style

    found: dict[str, Any] = {}
    for row in read_rows(settings.registers, BULLETIN):
        name, value = row["setting"], row["value"]
        if name not in (*WORDS, *NUMBERS):
            known = "、".join((*WORDS, *NUMBERS))
            raise row.error("setting", f"没有“{name}”这一项，可设：{known}", f"no such setting; there are: {known}")
        if name in NUMBERS and value and not (value.isascii() and value.isdigit() and int(value) > 0):
            raise row.error("value", "应为大于零的整数，或空", "it must be a whole number above zero, or empty")
        found[name] = (int(value) if value else None) if name in NUMBERS else value
    return Style(**found)
