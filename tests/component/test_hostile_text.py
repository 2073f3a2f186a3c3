"""Work grows linearly with any text: twice the input takes at most two and a half times as long."""

import time
from pathlib import Path

import pytest

from ingest.documents import Document
from ingest.reading.report import read_report

REFERENCE = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
SIZE = 4_000
MOST_RATIO = 2.5
PATTERNS = {
    "open brackets": "(1",
    "open quotes": "“1",
    "open titles": "《1",
    "closed brackets": "（1个）",
    "noun and number": "项目1",
    "digits": "1",
    "ranges": "1-",
    "thousands": "1,111",
    "Chinese digits": "一百",
    "names": "甲、",
    "respectively": "甲、乙分别为1、",
    "percent": "增长1%",
    "from": "由1",
    "shares": "占任务的",
    "clauses": "完成1个，",
    "columns": "1\t",
    "lines": "1\n",
    "headings": "一、",
    "verbs": "实施",
    "adverbs": "共累计",
    "spans of months": "截至1月",
    "addresses": "a@",
    "rows": "甲 乙 1 2\n",
}


def seconds(text: str) -> float:
    """The less processor time of two readings."""
    spent = []
    for _ in range(2):
        began = time.process_time()
        read_report(Document("text/plain", text), 2022, REFERENCE)
        spent.append(time.process_time() - began)
    return min(spent)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_twice_the_text_takes_no_more_than_two_and_a_half_times_as_long(pattern: str) -> None:
    read_report(Document("text/plain", pattern), 2022, REFERENCE)
    once, twice = (seconds(pattern * (size // len(pattern))) for size in (SIZE, 2 * SIZE))
    # Below this the clock is coarser than the work.
    assert twice < 0.02 or twice <= MOST_RATIO * once
