"""A published edition is examined: any byte that changes is found, wherever it lies, and told in a sentence."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jiheng import verification as whole
from jiheng.files import write_json
from jiheng.settings import Settings
from publish import acts, editions, verification
from publish.verification import formats, manifest
from tests.component import edition_fixture as made

SEED = 20261122
POSITIONS = 40


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of editions with one published edition, and the records of two acts after it."""
    folder = tmp_path_factory.mktemp("published")
    acts.publish(made.make_edition(folder), folder / "editions")
    for event in ("hold", "alarm"):
        editions.record(folder / "editions", {"event": event, "edition_id": "e2", "why": ["测试"]})
    return folder / "editions"


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """The edition in a copy that may be changed, with its log beside it."""
    shutil.copytree(published, tmp_path / "editions", symlinks=True)
    for path in (tmp_path / "editions" / "e1").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return tmp_path / "editions" / "e1"


def flip(path: Path, chance: random.Random) -> str:
    """Change one bit of a file; says where."""
    content = bytearray(path.read_bytes())
    place, bit = chance.randrange(len(content)), chance.randrange(8)
    content[place] ^= 1 << bit
    path.write_bytes(content)
    return f"{path.name} byte {place} bit {bit}"


def problems(edition: Path) -> dict[str, list[str]]:
    return {check.name: list(check.problems) for check in verification.examine(edition) if check.problems}


def as_if_published(edition: Path) -> None:
    """What somebody does who wants a change to look published: a new manifest, and no log that says otherwise."""
    facts = json.loads((edition / "about.json").read_bytes())
    digests = json.loads((edition / "manifest.json").read_bytes())["tables"]
    hashes = {
        name: {"sha256": manifest.editions.sha256_of_file(path), "bytes": path.stat().st_size}
        for name, path in sorted((p.relative_to(edition).as_posix(), p) for p in edition.rglob("*") if p.is_file())
        if name != "manifest.json"
    }
    write_json(edition / "manifest.json", facts | {"files": hashes, "tables": digests})
    (edition.parent / "publications.jsonl").unlink()


def test_a_sound_edition_has_no_problems(published: Path) -> None:
    checks = verification.examine(published / "e1")
    assert {check.name: check.problems for check in checks if check.problems} == {}
    assert [check.name for check in checks if check.outcome == "not_done"] == ["signature"]


def test_a_bit_changed_in_each_file_is_found(copy: Path) -> None:
    chance = random.Random(SEED)
    files = [path for path in sorted(copy.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    places = {path.relative_to(copy).as_posix(): flip(path, chance) for path in files if path.stat().st_size}
    found = manifest.files(copy, manifest.differing(copy)).problems
    assert len(places) > 100
    for name, place in places.items():
        assert sum(problem.startswith(f"{name} ") for problem in found) == 1, place
    # Nothing that has changed is opened, and nothing ends in a traceback.
    outcomes = {check.name: check.outcome for check in verification.examine(copy)}
    assert outcomes["warehouse"] == outcomes["parquet"] == outcomes["site_figures"] == "not_done"


def test_a_bit_changed_in_the_manifest_is_found(copy: Path) -> None:
    path = copy / "manifest.json"
    sound, chance = path.read_bytes(), random.Random(SEED)
    for _ in range(POSITIONS):
        place = flip(path, chance)
        found = manifest.manifest(copy, copy.parent).problems
        assert any("发布时" in problem for problem in found), place
        path.write_bytes(sound)


def test_a_bit_changed_in_the_manifest_is_found_without_the_log(copy: Path) -> None:
    path = copy / "manifest.json"
    (copy.parent / "publications.jsonl").unlink()
    sound, chance = path.read_bytes(), random.Random(SEED)
    for _ in range(POSITIONS // 2):
        place = flip(path, chance)
        found = [*manifest.manifest(copy, None).problems, *manifest.differing(copy).values()]
        if not found:  # then it is the digest of a table, or its count, or the name of one of these
            try:
                found += formats.warehouse(copy, verification.suspects(copy)).problems
            except verification.Impossible as error:
                found.append(str(error))
        assert found, place
        path.write_bytes(sound)


def test_a_bit_changed_in_the_log_is_found(copy: Path) -> None:
    path = copy.parent / "publications.jsonl"
    sound, chance = path.read_bytes(), random.Random(SEED)
    for _ in range(POSITIONS * 3):
        place = flip(path, chance)
        assert manifest.log(copy.parent).problems, place
        path.write_bytes(sound)


def test_a_record_that_is_left_out_is_found(copy: Path) -> None:
    path = copy.parent / "publications.jsonl"
    first, _, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(first + "".join(rest), encoding="utf-8")
    assert manifest.log(copy.parent).problems
    path.write_text("".join(rest[:1]), encoding="utf-8")
    assert any("不在" in problem or "没有这一期" in problem for problem in problems(copy)["manifest"])


def test_missing_and_added_files_are_found(copy: Path) -> None:
    (copy / "csv" / "rank_division.csv").unlink()
    (copy / "site" / "more.html").write_text("<html></html>")
    assert problems(copy)["files"] == [
        "site/more.html 不在清单中 is not in the manifest",
        "csv/rank_division.csv 缺失 is missing",
    ]


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_a_link(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('href="method.html"', 'href="nowhere.html"'), "utf-8")


def another_rank(path: Path) -> None:
    path.write_text(
        path.read_text(encoding="utf-8").replace('class="n strong" data-value="1"', 'class="n strong" data-value="3"'),
        "utf-8",
    )


def one_row_less(path: Path) -> None:
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(rows[:-1]))


def another_score(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS FROM read_parquet('{path}')")
        con.execute(
            "UPDATE t SET score = score + 1 WHERE division_key = (SELECT min(division_key) FROM t WHERE is_ranked)"
        )
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize(
    ("name", "damage", "check"),
    [
        ("warehouse.duckdb", truncated, "warehouse"),
        ("parquet/rank_division.parquet", truncated, "parquet"),
        ("parquet/rank_division.parquet", another_score, "parquet"),
        ("csv/rank_division.csv", one_row_less, "csv"),
        ("rankings.xlsx", truncated, "office"),
        ("bulletin.docx", truncated, "office"),
        ("bulletin.pdf", truncated, "pdf"),
        ("site/index.html", truncated, "site"),
        ("site/index.html", without_a_link, "site"),
        ("site/index.html", another_rank, "site_figures"),
        ("diff.json", truncated, "json"),
    ],
)
def test_a_file_that_was_spoilt_before_it_was_published_is_found(
    copy: Path, name: str, damage: Callable[[Path], None], check: str
) -> None:
    damage(copy / name)
    as_if_published(copy)
    found = problems(copy)
    assert check in found and "files" not in found, found
    assert "Traceback" not in str(found)
    if damage is another_score:
        assert any(made.DIVISIONS[0][0] in problem or "m1" in problem for problem in found[check])


def test_an_edition_is_found_by_id_directory_or_as_the_current_one(published: Path, tmp_path: Path) -> None:
    settings = Settings(published.parent)
    assert whole.find(settings, None) == whole.find(settings, "e1") == published / "e1"
    shutil.copytree(published / "e1", tmp_path / "elsewhere")
    assert whole.find(Settings(tmp_path / "nothing"), str(tmp_path / "elsewhere")) == tmp_path / "elsewhere"
    for name in ("e9", ".."):
        with pytest.raises(whole.NoEditionError):
            whole.find(settings, name)
    with pytest.raises(whole.NoEditionError):
        whole.find(Settings(tmp_path / "nothing"), None)
