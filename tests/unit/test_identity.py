"""The version of the code: a hash of what decides what an edition says, and of nothing else."""

from pathlib import Path

import pytest

from jiheng import identity


def version_of(monkeypatch: pytest.MonkeyPatch, root: Path) -> str:
    monkeypatch.setattr(identity, "PROJECT_ROOT", root)
    return identity.code_version.__wrapped__()


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_it_changes_with_the_sources_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "ingest" / "reader.py", "a")
    before = version_of(monkeypatch, tmp_path)
    for beside in (
        "docs/page.md",
        "tests/test_a.py",
        "publish/browser/node_modules/x/index.js",
        "dbt_project/target/a.sql",
    ):
        write(tmp_path / beside, "b")
    assert version_of(monkeypatch, tmp_path) == before
    write(tmp_path / "publish" / "browser" / "build.js", "c")
    assert version_of(monkeypatch, tmp_path) != before
