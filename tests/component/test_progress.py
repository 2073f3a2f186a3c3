"""What the build tells of each model while it builds: dbt itself on a small project, with what may go wrong."""

import shutil
from pathlib import Path

import pytest

from jiheng import progress
from jiheng.progress import FAILED, SKIPPED, SUCCESS, WHOLE, Outcomes
from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.warehouse import BuildError, build

NIGHT = "scheduled__2026-03-31"
PROJECT = """
name: small
version: "1.0.0"
profile: jiheng
models: {small: {+materialized: table}}
data_tests: {small: {+severity: warn}}
"""
MODELS = {
    "sound": "select range as number from range(3)",
    "seen": "{{ config(materialized='view') }} select * from {{ ref('sound') }}",
    "broken": "select error('这一列没有') from {{ ref('sound') }}",
    "after_broken": "select * from {{ ref('broken') }}",
    "doubtful": "select case when number > 0 then number end as number from {{ ref('sound') }}",
    "after_doubtful": "select * from {{ ref('doubtful') }}",
}
TESTS = """
models:
  - name: sound
    columns: [{name: number, data_tests: [not_null, unique]}]
  - name: doubtful
    columns: [{name: number, data_tests: [not_null, unique]}]
"""


class Small(Settings):
    """An installation whose dbt project is a small one."""

    @property
    def dbt_project(self) -> Path:
        return self.home / "project"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Small(tmp_path_factory.mktemp("small"))
    (found.dbt_project / "models").mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "dbt_project" / "profiles.yml", found.dbt_project)
    (found.dbt_project / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (found.dbt_project / "models" / "tests.yml").write_text(TESTS, encoding="utf-8")
    for name, sql in MODELS.items():
        (found.dbt_project / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def told(settings: Settings) -> Outcomes:
    build(settings, settings.home / "build.duckdb", {}, progress=progress.path_of(settings, NIGHT))
    return progress.outcomes(settings, NIGHT)


def test_every_model_ends_as_dbt_says(told: Outcomes) -> None:
    states = {name: one.state for name, one in told.of.items()}
    good = dict.fromkeys(("sound", "seen", "after_doubtful"), SUCCESS)
    assert states == {**good, "broken": FAILED, "doubtful": FAILED, "after_broken": SKIPPED, WHOLE: FAILED}
    assert told.of["sound"].rows == 3 and told.of["seen"].rows is None
    assert "3 行" in told.of["sound"].told and "3 rows" in told.of["sound"].told


def test_a_failure_is_told_in_dbts_words(told: Outcomes) -> None:
    assert "这一列没有" in told.of["broken"].told
    assert "not_null_doubtful_number: Got 1 result" in told.of["doubtful"].told
    assert "unique_doubtful_number" not in told.of["doubtful"].told
    assert told.of["doubtful"].rows == 3, "a failed test does not undo the table"
    whole = told.of[WHOLE].told
    assert "3 个模型已建成并通过检验，2 个未通过，1 个跳过" in whole and "broken\ndoubtful" in whole


def test_a_line_that_is_half_written_is_not_there_yet(settings: Settings, told: Outcomes) -> None:
    text = progress.path_of(settings, NIGHT).read_text(encoding="utf-8")
    path = progress.path_of(settings, "half")
    first, second = text.splitlines(keepends=True)[:2]
    path.write_text(first + second[:-5], encoding="utf-8")
    seen = progress.outcomes(settings, "half").of
    assert len(seen) == 1 and progress.outcomes(settings, "half").about(WHOLE) is None
    # Without a night, the newest is shown.
    assert progress.outcomes(settings).of == seen
    assert progress.outcomes(settings, "another").of == {}
    assert told.of


def test_what_keeps_dbt_from_building_ends_every_model(settings: Settings, told: Outcomes) -> None:
    """The models that were not reached are skipped, and the whole says why."""
    path = progress.path_of(settings, "ended")
    with pytest.raises(BuildError, match="no disk"), progress.told(path, settings.home / "dbt/target/manifest.json"):
        raise BuildError("no disk")
    found = progress.outcomes(settings, "ended")
    whole = found.about(WHOLE)
    assert whole and whole.state == FAILED and "no disk" in whole.told
    assert [one.state for name in MODELS if (one := found.about(name))] == [SKIPPED] * len(MODELS)
    assert told.of
