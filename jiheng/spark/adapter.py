"""dbt's adapter for Spark, made a little wider: it reads the lake where DuckDB does and knows models in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dbt.adapters.spark
from dbt.adapters.base import AdapterPlugin, PythonJobHelper, available
from dbt.adapters.contracts.connection import AdapterResponse
from dbt.adapters.spark import SparkCredentials
from dbt.adapters.spark.impl import SparkAdapter as GivenAdapter
from dbt.adapters.spark.relation import SparkRelation
from dbt.include import spark

from jiheng.spark.dialect import translated, translated_type


def install() -> None:
    """Let dbt use this adapter wherever a profile says `type: spark`."""
    dbt.adapters.spark.Plugin = AdapterPlugin(SparkAdapter, Credentials, spark.PACKAGE_PATH)


@dataclass
class Credentials(SparkCredentials):
    """dbt-spark switches ANSI off, by which an overflow is null; here it is an error, as on DuckDB."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server_side_parameters["spark.sql.ansi.enabled"] = "true"


@dataclass(frozen=True, eq=False, repr=False)
class Relation(SparkRelation):
    """A table; a source is where `external_location` says, as with dbt-duckdb."""

    external: str | None = None

    @classmethod
    def create_from(cls, quoting: Any, relation_config: Any, **kwargs: Any) -> Any:
        """The relation of a node of the project."""
        if relation_config.resource_type == "source":
            location = relation_config.source_meta["external_location"]
            kwargs["external"] = location.format(name=relation_config.name)
        return super().create_from(quoting, relation_config, **kwargs)

    def render(self) -> str:
        """The relation as it stands in a query."""
        return self.external or super().render()


class OnDriver(PythonJobHelper):
    """Models in Python run here, beside dbt, on relations of DuckDB as ever: they draw ranks and compare names, which
    has nothing to spread. Spark holds what they read and what they give.
    """

    def __init__(self, parsed_model: dict[str, Any], credentials: Any) -> None:  # noqa: ARG002 (dbt gives both)
        self.table = f"{parsed_model['schema']}.{parsed_model['alias']}"

    def submit(self, compiled_code: str) -> None:
        """Run a model and keep its rows as a table."""
        import duckdb
        from pyspark.sql import SparkSession

        session = SparkSession.active()
        code: dict[str, Any] = {}
        exec(compiled_code, code)  # noqa: S102 (the model's own code, as dbt runs it)
        with duckdb.connect() as con:
            rows = code["model"](code["dbtObj"](lambda name: con.from_arrow(session.table(name).toArrow())), con)
        session.createDataFrame(rows).write.format("parquet").saveAsTable(self.table)


class SparkAdapter(GivenAdapter):
    """dbt-spark's adapter with what macros of this project ask of it (dbt_project/macros/spark.sql). dbt finds the
    version of an adapter by its class's name.
    """

    Relation = Relation

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        """How models in Python are run."""
        return {"on_driver": OnDriver}

    @property
    def default_python_submission_method(self) -> str:
        """The only one."""
        return "on_driver"

    def generate_python_submission_response(self, submission_result: Any) -> AdapterResponse:  # noqa: ARG002
        """What dbt is told of it."""
        return AdapterResponse(_message="OK")

    @available
    def translated(self, statement: str) -> str:
        """A query of DuckDB's as Spark runs it."""
        return translated(statement)

    @available
    def translated_type(self, name: str) -> str:
        """A type of DuckDB's in Spark's words."""
        return translated_type(name)

    @available
    def columns_of_file(self, path: str) -> list[str]:
        """The columns of a Parquet file; none where there is no file."""
        try:
            return [
                column.name for column in self.get_column_schema_from_query(f"select * from parquet.`{path}` limit 0")
            ]
        except Exception as error:
            if "PATH_NOT_FOUND" not in str(error):
                raise
            return []
