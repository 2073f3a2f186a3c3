"""Reports that the last edition told in the same words are copied: the bytes are those of a site rendered whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from publish import data, site
from publish.data import Reader
from publish.site import units
from publish.site.reuse import Kept, kept_from
from tests.component import edition_fixture as made

# A claim's sentence, a verdict on another report, and what stands around all reports.
CHANGED = "UPDATE fct_claim SET sentence = sentence || '（更正）' WHERE submission_version_id = 'v1b'"
ANSWERED = "UPDATE fct_finding SET is_open = false WHERE submission_version_id = 'v3'"
RANKED = "UPDATE rank_department SET rank_high = rank_high + 1"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("before"))


def tonight(folder: Path, change: str) -> Path:
    return made.make_edition(folder, "e2", change=change)


def kept(before: Path, edition: Path) -> Kept:
    found = kept_from(before, edition, data.about(edition), "site")
    assert found is not None
    return found


def tree(edition: Path) -> dict[str, bytes]:
    return {path.relative_to(edition).as_posix(): path.read_bytes() for path in (edition / "site").rglob("*.html")}


@pytest.mark.parametrize(("change", "versions"), [(CHANGED, {"v1b"}), (ANSWERED, {"v3"}), (RANKED, set())])
def test_only_what_changed_is_rendered_and_the_bytes_are_the_same(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, versions: set[str]
) -> None:
    edition = tonight(tmp_path, change)
    whole = tree(edition)
    asked: set[str] = set()
    batch = Reader.batch
    monkeypatch.setattr(Reader, "batch", lambda self, ids: asked.update(ids) or batch(self, ids))
    shutil.rmtree(edition / "site")
    (edition / "manifest.json").unlink()
    site.render(edition, before)
    assert tree(edition) == whole
    everybody = {row["submission_version_id"] for row in data.load(edition).submissions if row["is_current"]}
    acted = {row["submission_version_id"] for row in data.load(edition).acts}
    assert versions <= asked
    assert asked - versions <= acted
    assert asked < everybody


def test_several_processes_write_the_same_bytes_as_one(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = tonight(tmp_path, CHANGED)
    alone = tree(edition)
    for copied_from in (None, before):
        shutil.rmtree(edition / "site")
        (edition / "manifest.json").unlink(missing_ok=True)
        monkeypatch.setattr(units, "DEPARTMENTS_FOR_MANY", 0)
        monkeypatch.setattr(units, "DIVISIONS_A_BATCH", 2)
        site.render(edition, copied_from)
        assert tree(edition) == alone


def test_a_page_that_is_not_what_its_manifest_says_gives_nothing(before: Path, tmp_path: Path) -> None:
    edition = tonight(tmp_path / "tonight", RANKED)
    copy = shutil.copytree(before, tmp_path / "copy")
    page = "department/c1.commerce.html"
    assert kept(copy, edition).reports(page)
    path = copy / "site" / page
    path.write_text(path.read_text(encoding="utf-8").replace("275.29", "975.29"), encoding="utf-8")
    assert kept(copy, edition).reports(page) == {}


@pytest.mark.parametrize("fact", [{"code_version": "another"}, {"method_ids": ["another"]}])
def test_another_program_or_method_copies_nothing(before: Path, tmp_path: Path, fact: dict[str, object]) -> None:
    edition = made.make_edition(tmp_path, "e2", facts=fact)
    assert kept_from(before, edition, data.about(edition), "site") is None
    assert kept_from(None, edition, data.about(edition), "site") is None


def test_another_word_of_the_method_renders_every_report(before: Path, tmp_path: Path) -> None:
    edition = tonight(tmp_path, "UPDATE ranking_method_components SET measure_zh = measure_zh || '。'")
    assert kept(before, edition).unchanged == frozenset()
