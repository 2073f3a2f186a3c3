"""How many times as long twice the input takes: `python -m benchmarks.growth`.

For reading each pattern of `corpus/hostile.yaml`, for reading and checking repeated sentences, for the rows of a form,
and for the elements of a page. Linear work takes twice as long; nothing may take more than two and a half times.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date

import yaml

from ingest.documents import Document, read_document
from ingest.identify import Directory, Identity
from ingest.reader import ReaderData, judge_report
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DATA = ReaderData(Directory(()), {}, REFERENCE)
HOSTILE = PROJECT_ROOT / "corpus" / "hostile.yaml"
YEAR = 2024
SENDER = Identity("a", "甲县", "a-1", "教育局", "甲县教育局", (), YEAR, date(YEAR + 1, 3, 31), ())
ROW = "<tr><td>公路</td><td>≥1公里</td><td>2公里</td><td>5</td><td>4</td></tr>"
FORM = "<table><tr><td>三级指标</td><td>指标值</td><td>完成值</td><td>分值</td><td>得分</td></tr>{}</table>"
ELEMENT = "<p><b>1</b></p>"
SENTENCES = {
    "completion": "目标：新开工项目90个。完成情况：新开工项目共22个，完成率122.22%。",
    "parts": "全年完成培训58场，其中甲类培训45场，乙类培训13场。",
    "growth": "目标：工业投资130.0亿元，增长10.0%。完成情况：工业投资110.0亿元，增长10.0%。",
}
CHARACTERS, ROWS, ELEMENTS, REPEATS = 12_000, 400, 20_000, 200
ROUNDS = 3


def main() -> None:
    """Print the ratios as JSON."""
    patterns = yaml.safe_load(HOSTILE.read_text(encoding="utf-8"))
    ratios = {
        "reading": {name: _ratio(_read, pattern, CHARACTERS // len(pattern)) for name, pattern in patterns.items()},
        "checking": {name: _ratio(_checked, text, REPEATS) for name, text in SENTENCES.items()},
        "form": _ratio(_read_form, ROW, ROWS),
        "page": _ratio(lambda page: read_document(page.encode()), ELEMENT, ELEMENTS),
    }
    print(json.dumps(ratios, ensure_ascii=False))


def _ratio(work: Callable[[str], object], piece: str, times: int) -> float:
    once, twice = (min(_seconds(work, piece * count) for _ in range(ROUNDS)) for count in (times, 2 * times))
    return round(twice / once, 2)


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began


def _read(text: str) -> None:
    read_report(Document("text/plain", text), YEAR, REFERENCE)


def _read_form(rows: str) -> None:
    read_report(read_document(FORM.format(rows).encode()), YEAR, REFERENCE)


def _checked(text: str) -> None:
    document = Document("text/plain", f"二、绩效自评情况\n{text}")
    judge_report(document, SENDER, read_report(document, YEAR, REFERENCE), DATA)


if __name__ == "__main__":
    main()
