"""The warehouse: built by dbt in this process, on the lake, into a private DuckDB file; and the newest build, read."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng.files import alone
from jiheng.progress import told
from jiheng.settings import OF_A_NIGHT, PREFIX, Settings
from jiheng.troubles import trouble_of

if TYPE_CHECKING:
    import duckdb

WAREHOUSE = "warehouse.duckdb"


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


class NothingBuiltError(RuntimeError):
    """There is no build yet, or none that holds what is asked for."""


def newest_build(settings: Settings) -> Path:
    """The warehouse that was built last, whether it was published, held, or only built.

    Raises `NothingBuiltError` when there is none.
    """
    places = [*settings.home.glob(f"private/*/*/{WAREHOUSE}"), *settings.home.glob(f"held/*/{WAREHOUSE}")]
    built = [path for path in [*places, settings.editions / "current" / WAREHOUSE] if path.is_file()]
    if not built:
        raise NothingBuiltError("还没有建过仓 · nothing is built yet")
    return max(built, key=lambda path: (path.stat().st_mtime_ns, str(path)))


@contextmanager
def reading(build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a build. Raises `NothingBuiltError` for a build of an older program, which lacks the
    table that is asked for, and RuntimeError while a build is being written.
    """
    import duckdb

    try:
        with duckdb.connect(str(build), read_only=True) as connection:
            yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NothingBuiltError(f"这次建仓是旧版程序做的，请重新建仓 · built by an older program: {build}") from error
    except duckdb.IOException as error:
        raise RuntimeError(f"正在建仓，请稍后再试 · a build is being written, try again: {error}") from error


def build(
    settings: Settings,
    database: Path,
    variables: Mapping[str, str],
    select: Sequence[str] = (),
    tests: bool = True,
    progress: Path | None = None,
) -> Build:
    """Build all models, or the selected ones, into `database` and run their data tests unless told not to. Failures of
    data are returned, not raised; a disk that is full is no failure of data. `progress` is a file that tells, while it
    is written, what became of each model (`jiheng.progress`).

    `variables` are those of dbt_project.yml. One build at a time in an installation: it takes most of a machine's
    memory, and dbt has one folder for its state. It is built in one place and moved from there: dbt parses the whole
    project anew when the database has another path.
    """
    place = settings.home / "dbt"
    following = told(progress, _target(settings) / "manifest.json") if progress else nullcontext()
    with alone(place / ".lock"), following as callback:
        callbacks = [callback] if callback else []
        built = _build(settings, place / "build.duckdb", variables, select, tests, callbacks)
        database.parent.mkdir(parents=True, exist_ok=True)
        (place / "build.duckdb").replace(database)
        return built


def _build(
    settings: Settings,
    database: Path,
    variables: Mapping[str, str],
    select: Sequence[str],
    tests: bool,
    callbacks: Sequence[Callable[[Any], None]],
) -> Build:
    from dbt.cli.main import dbtRunner

    for left in (database, database.with_name(f"{database.name}.wal")):
        left.unlink(missing_ok=True)
    os.environ |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    _tell_dbt(settings, database, variables)
    left_out = ("unit_test",) if tests else ("unit_test", "test")
    asked = ["build", *(part for kind in left_out for part in ("--exclude-resource-type", kind))]
    asked += ["--select", *select] if select else []
    with _engine(settings):
        # dbt keeps its whole graph in memory to the end; looking through it for garbage, again and again, finds none.
        gc.disable()
        try:
            result = dbtRunner(callbacks=list(callbacks)).invoke([*asked, *_arguments(settings, variables)])
        finally:
            gc.enable()
    if result.exception is not None or result.result is None:
        raise BuildError(f"dbt could not build the warehouse: {result.exception}")
    if settings.engine != "duckdb":
        from jiheng.spark.engine import collect

        collect(_spark_tables(settings), [one.node for one in result.result if one.node], database)
    built = _summary(list(result.result))
    for failure in built.failures:
        error = BuildError(f"{failure.node}: {failure.message}")
        if trouble_of(error):
            raise error
    return built


@contextmanager
def _engine(settings: Settings) -> Iterator[None]:
    """What runs the models, until they stand."""
    if settings.engine == "duckdb":
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()
    else:
        from jiheng.spark.engine import building

        with building(_spark_tables(settings), settings.spark_remote if settings.engine == "spark_cluster" else None):
            yield


def _spark_tables(settings: Settings) -> Path:
    """Where Spark keeps the tables of a build, as Parquet."""
    return settings.home / "dbt" / "spark"


def parsed(settings: Settings) -> dict[str, Any]:
    """The manifest of the dbt project as it stands: every model, what it reads, and how it is described.

    Raises `BuildError` when dbt cannot read the project.
    """
    from dbt.cli.main import dbtRunner

    os.environ |= {"JIHENG_LAKE": str(settings.lake), "JIHENG_BUILD_DB": str(settings.home / "parsed.duckdb")}
    result = dbtRunner().invoke(["parse", *_arguments(settings, {})])
    if not result.success:
        raise BuildError(f"dbt could not read the project: {result.exception}")
    manifest: dict[str, Any] = json.loads((_target(settings) / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _tell_dbt(settings: Settings, database: Path, variables: Mapping[str, str]) -> None:
    """What is another for every build goes by the environment: dbt_project/macros/night.sql says why."""
    os.environ |= {"JIHENG_LAKE": str(settings.lake), "JIHENG_BUILD_DB": str(database)}
    os.environ["JIHENG_DUCKDB_MEMORY"] = settings.duckdb_memory
    os.environ |= {
        "JIHENG_SPARK_TABLES": str(_spark_tables(settings)),
        "JIHENG_SPARK_MEMORY": settings.spark_memory,
        "JIHENG_SPARK_REMOTE": settings.spark_remote,
        "JIHENG_SPARK_PARTITIONS": str(settings.spark_partitions),
    }
    for name in OF_A_NIGHT:
        os.environ.pop(f"{PREFIX}{name.upper()}", None)
    os.environ |= {f"{PREFIX}{name.upper()}": variables[name] for name in OF_A_NIGHT if name in variables}


def _arguments(settings: Settings, variables: Mapping[str, str]) -> list[str]:
    project = str(settings.dbt_project)
    return [
        *("--project-dir", project, "--profiles-dir", project),
        *(() if settings.engine == "duckdb" else ("--target", settings.engine)),
        *(
            "--vars",
            json.dumps({name: value for name, value in variables.items() if name not in OF_A_NIGHT}),
            "--target-path",
            str(_target(settings)),
            "--log-path",
            str(settings.home / "dbt" / "logs"),
        ),
        # Every statement in the log, as dbt would have it, costs a fifth of a small build. What it has to say on the
        # console it says in tracebacks; failures are told by the gate, errors by the command.
        *("--quiet", "--log-level", "none", "--no-use-colors", "--no-version-check", "--log-level-file", "info"),
    ]


def _target(settings: Settings) -> Path:
    return settings.home / "dbt" / "target"


def _summary(results: list[Any]) -> Build:
    kinds = [str(result.node.resource_type) for result in results]
    failures = tuple(
        BuildFailure(result.node.name, kind, str(result.message or ""), int(result.failures or 0))
        for result, kind in zip(results, kinds, strict=True)
        if str(result.status) in ("error", "fail", "warn", "skipped", "runtime error")
    )
    return Build(kinds.count("model"), kinds.count("test"), failures)
