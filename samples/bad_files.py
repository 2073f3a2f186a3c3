"""Files that intake must not take for reports: empty, cut short, no report at all, from nowhere, or handed in twice."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace

from samples.model import BadFile, Province, Report
from samples.wording_data import phrases

Content = Callable[[Report, int], bytes]


def make_bad_files(made: Province, seed: int, content: Content) -> Iterator[BadFile]:
    """One file of each kind; those made from a report need a report of that format."""
    yield BadFile("空白.txt", b"", "EMPTY_FILE")
    yield BadFile("会议通知.txt", phrases()["notice"].encode(), "NOT_A_REPORT")
    yield BadFile("扫描数据.dat", bytes(range(256)) * 4, "UNKNOWN_FORMAT")
    word = next((row for row in made.reports if row.format == "docx"), None)
    if word is not None:
        whole = content(word, seed)
        yield BadFile("自评报告(损坏).docx", whole[: len(whole) // 2], "UNREADABLE")
    text = next((row for row in made.reports if row.format == "txt" and not row.planted and row.version == 1), None)
    if text is not None:
        yield BadFile(f"再次提交-{text.file_name}", content(text, seed), "DUPLICATE", text.file_name)
        yield BadFile("外地来件.txt", content(_stranger(text), seed), "UNKNOWN_DIVISION")


def _stranger(report: Report) -> Report:
    """The same kind of report, from a division that is in no register."""
    name = phrases()["stranger"]
    stranger = copy.copy(report)
    division = replace(report.department.division, key="none", name=name, short_name=name, kind="county")
    stranger.department = replace(report.department, division=division)
    stranger.duty_division = name
    return stranger
