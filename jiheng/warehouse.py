"""Building the warehouse: dbt in this process, on the lake, into a private DuckDB file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiheng.settings import Settings


@dataclass(frozen=True)
class BuildFailure:
    """A model that could not be built, or a test of the warehouse that failed: its name and what dbt says."""

    node: str
    kind: str
    message: str
    failures: int


@dataclass(frozen=True)
class Build:
    """What dbt did: how many models stand, and every failure."""

    models: int
    tests: int
    failures: tuple[BuildFailure, ...]


class BuildError(RuntimeError):
    """dbt could not even begin: the project itself is at fault, not the data."""


def build(settings: Settings, database: Path, variables: Mapping[str, str]) -> Build:
    """Build all models into `database` and run all data tests. Failures of data are returned, not raised."""
    from dbt.cli.main import dbtRunner

    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    os.environ |= {"JIHENG_LAKE": str(settings.lake), "JIHENG_BUILD_DB": str(database)}
    os.environ |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    result = dbtRunner().invoke(_arguments(settings, variables))
    if result.exception is not None or result.result is None:
        raise BuildError(f"dbt could not build the warehouse: {result.exception}")
    return _summary(list(result.result))


def _arguments(settings: Settings, variables: Mapping[str, str]) -> list[str]:
    project = str(settings.dbt_project)
    cache = settings.home / "dbt"
    return [
        *("build", "--project-dir", project, "--profiles-dir", project, "--exclude-resource-type", "unit_test"),
        *(
            "--vars",
            json.dumps(dict(variables)),
            "--target-path",
            str(cache / "target"),
            "--log-path",
            str(cache / "logs"),
        ),
        *("--quiet", "--no-use-colors", "--no-version-check"),
    ]


def _summary(results: list[Any]) -> Build:
    kinds = [str(result.node.resource_type) for result in results]
    failures = tuple(
        BuildFailure(result.node.name, kind, str(result.message or ""), int(result.failures or 0))
        for result, kind in zip(results, kinds, strict=True)
        if str(result.status) in ("error", "fail", "warn", "skipped", "runtime error")
    )
    return Build(kinds.count("model"), kinds.count("test"), failures)
