"""Text that slow readers choke on is read to its end, every digit accounted for; `benchmarks/growth.py` times it."""

from pathlib import Path

import pytest
import yaml

from ingest.documents import Document
from ingest.reading.report import read_report

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "dbt_project" / "seeds"
PATTERNS = yaml.safe_load((ROOT / "corpus" / "hostile.yaml").read_text(encoding="utf-8"))
SIZE = 24_000


# The limit is far above what a linear reader takes and far below what a quadratic one would.
@pytest.mark.timeout(90)
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_hostile_text_is_read_to_its_end(pattern: str) -> None:
    text = pattern * (SIZE // len(pattern))
    reading = read_report(Document("text/plain", text), 2022, REFERENCE)
    digits = sum(character.isascii() and character.isdigit() for character in text)
    assert reading.coverage.digits == digits == sum(reading.coverage.by_class.values())
