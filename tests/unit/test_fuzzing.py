"""Seconds of what `python -m tests.fuzzing` does for minutes, and every input that once broke a reader."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.documents import read_document
from tests.fuzzing.mutation import mutated
from tests.fuzzing.seeds import SEEDS
from tests.fuzzing.targets import TARGETS

CRASHERS = sorted((Path(__file__).parents[1] / "fuzzing" / "crashers").glob("*-*"))
FILES = {name: make() for name, make in SEEDS.items()}


@pytest.mark.parametrize("name", FILES)
def test_a_seed_is_read_and_keeps_its_promises(name: str) -> None:
    assert "95.5" in read_document(FILES[name]).text
    for target in TARGETS.values():
        target(FILES[name])


@pytest.mark.timeout(120)
def test_what_once_broke_a_reader_does_so_no_more() -> None:
    for path in CRASHERS:
        TARGETS[path.name.partition("-")[0]](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(FILES)), number=st.integers(0, 2**32))
def test_a_mutated_file_breaks_no_promise(target: str, name: str, number: int) -> None:
    TARGETS[target](mutated(FILES[name], random.Random(number)))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", FILES)
def test_an_upload_that_broke_off_anywhere_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    for _ in range(8):
        TARGETS["document"](FILES[name][: chance.randrange(len(FILES[name]))])
