"""How fast prose is read on one core: `python -m benchmarks.narrative`.

Documents and characters a second over the two real reports, where they are at hand, and over the labelled corpus.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from corpus.labels import read_marked
from ingest.documents import Document
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
TEXTS = PROJECT_ROOT / "corpus" / "texts"
ROUNDS = 5


def main() -> None:
    """Print both speeds as JSON."""
    reports = Path(os.environ.get("JIHENG_REAL_REPORTS", PROJECT_ROOT.parent / "shared" / "reports"))
    real = [path.read_text(encoding="utf-8") for path in sorted(reports.glob("*.txt"))]
    corpus = [read_marked(path).text for path in sorted(TEXTS.glob("*.txt"))]
    print(json.dumps({"real_reports": _speed(real) if real else None, "corpus": _speed(corpus)}))


def _speed(texts: list[str]) -> dict[str, float]:
    """The best of some rounds."""
    seconds = min(_seconds(texts) for _ in range(ROUNDS))
    characters = sum(map(len, texts))
    return {"documents_a_second": round(len(texts) / seconds, 1), "characters_a_second": round(characters / seconds)}


def _seconds(texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        read_report(Document("text/plain", text), 2022, REFERENCE)
    return time.process_time() - began


if __name__ == "__main__":
    main()
