"""A report as a list of blocks, before it becomes text, a Word file or a PDF."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Block:
    """One paragraph (`text`) or one table (`rows`). `kind`: title, cover, heading, text, table."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = field(default=())
