"""The models' SQL, which is DuckDB's, as Spark's: sqlglot translates; what it does not know stands here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark

ONE = exp.Literal.number(1)
ORDERED = (exp.ArrayAgg, exp.First, exp.AnyValue)


class Written(DuckDB):
    """What models are written in."""

    # sqlglot moves places in a list only where it sees that they are numbers; `_element` moves all of them.
    INDEX_OFFSET = 0

    class Tokenizer(DuckDB.Tokenizer):
        """dbt's own tests quote names as Spark does."""

        IDENTIFIERS: ClassVar[list[str]] = ['"', "`"]

    class Parser(DuckDB.Parser):
        """`len` is of lists and `length` of texts, here; Spark has a function for each."""

        FUNCTIONS = DuckDB.Parser.FUNCTIONS | {"LEN": exp.ArraySize.from_arg_list}


class Run(Spark):
    """What Spark 4 runs."""

    class Generator(Spark.Generator):
        """Spark 4 knows `qualify`; it has no integers of 128 bits, and its `[]` fails beyond the end of a list."""

        # Spark has nested `with` since its third version.
        EXPRESSIONS_WITHOUT_NESTED_CTES: frozenset[type[exp.Expression]] = frozenset()
        TYPE_MAPPING = Spark.Generator.TYPE_MAPPING | {exp.DataType.Type.INT128: "DECIMAL(38, 0)"}
        TRANSFORMS = Spark.Generator.TRANSFORMS | {
            exp.ArraySize: lambda self, node: self.func("ARRAY_SIZE", node.this),
            exp.Bracket: lambda self, node: self.sql(_element(node)),
            exp.Select: sqlglot.transforms.preprocess([sqlglot.transforms.unnest_to_explode]),
        }


def translated(statement: str) -> str:
    """A query of the project as Spark runs it."""
    tree = sqlglot.parse_one(statement, read=Written)
    # The order of a table's rows says nothing; a sort of them all over the cluster is left out.
    if not tree.args.get("limit"):
        tree.set("order", None)
    for rewrite in REWRITES:
        tree = tree.transform(rewrite)
    return str(tree.sql(dialect=Run))


def translated_type(name: str) -> str:
    """A type as contracts and seeds name it, in Spark's words."""
    return str(exp.DataType.build(name, dialect=Written).sql(dialect=Run))


def _files(node: exp.Expression) -> exp.Expression:
    """Parquet is read by its path; columns that some files lack are null by `spark.sql.parquet.mergeSchema`."""
    if isinstance(node, exp.Table) and isinstance(node.this, exp.ReadParquet):
        path = exp.to_identifier(node.this.expressions[0].name, quoted=True)
        return exp.Table(this=path, db=exp.to_identifier("parquet"), alias=node.args.get("alias"))
    return node


def _replaced_columns(node: exp.Expression) -> exp.Expression:
    """`* replace (… as a)` is `* except (a), … as a`."""
    if not isinstance(node, exp.Select):
        return node
    columns: list[exp.Expression] = []
    for column in node.expressions:
        star = column.this if isinstance(column, exp.Column) else column
        replaced = star.args.get("replace") or [] if isinstance(star, exp.Star) else []
        if replaced:
            star.set("replace", None)
            star.set("except_", [exp.to_identifier(one.alias) for one in replaced])
        columns += [column, *replaced]
    node.set("expressions", columns)
    return node


def _element(node: exp.Bracket) -> exp.Expression:
    """An element of a list, or some of them. `get` counts from 0 and is null beyond the ends."""
    (place,) = node.expressions
    if not isinstance(place, exp.Slice):
        return _call("get", node.this, exp.Sub(this=exp.Paren(this=place), expression=ONE))
    first, last = place.this, place.expression
    return _call("slice", node.this, first, exp.Add(this=exp.Sub(this=last, expression=first), expression=ONE))


def _rows(node: exp.Expression) -> exp.Expression:
    """`row(a, b)` is `struct(a, b)`."""
    return (
        _call("struct", *node.expressions) if isinstance(node, exp.Anonymous) and node.name.lower() == "row" else node
    )


def _named_windows(node: exp.Expression) -> exp.Expression:
    """Spark reads `over way - rank` as a window of the name `way-rank`."""
    named = isinstance(node, exp.Window) and node.args.get("alias") and not isinstance(node.parent, exp.Select)
    return exp.Paren(this=node.copy()) if named else node


def _single_unnest(node: exp.Expression) -> exp.Expression:
    """Lists side by side are walked together on DuckDB; on Spark each element of one meets each of the other."""
    if isinstance(node, exp.Select) and sum(1 for one in node.expressions if one.find(exp.Unnest, exp.Explode)) > 1:
        raise ValueError(f"two unnest side by side, which Spark multiplies: {node.sql()}")
    return node


def _not_materialized(node: exp.Expression) -> exp.Expression:
    """Spark decides by itself what it keeps."""
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    return node


def _ordered_values(node: exp.Expression) -> exp.Expression:
    """Aggregates with an order of their own: the rows' keys and values are gathered, put in order, and read off."""
    aggregate = node.this if isinstance(node, exp.Filter) else node
    aggregate = aggregate.this if isinstance(aggregate, exp.IgnoreNulls) else aggregate
    if not isinstance(aggregate, ORDERED) or not isinstance(aggregate.this, exp.Order):
        return _or_null(node.copy()) if isinstance(node, exp.Filter) and isinstance(aggregate, exp.ArrayAgg) else node
    condition = node.expression.this if isinstance(node, exp.Filter) else None
    value, keys = aggregate.this.this, aggregate.this.expressions
    if isinstance(value, exp.Distinct):
        # SQL lets distinct values be put in order by themselves alone.
        return _or_null(_call("array_sort", _filtered(_call("collect_set", value.expressions[0]), condition)))
    if isinstance(aggregate, exp.AnyValue):
        condition = exp.and_(condition, value.copy().is_(exp.null()).not_())
    gathered = _filtered(_call("collect_list", _row(value, keys)), condition)
    in_order = _call("array_sort", gathered, _comparison(keys))
    values = _call(
        "transform", in_order, exp.Lambda(this=exp.column("value", "one"), expressions=[exp.to_identifier("one")])
    )
    return _or_null(values) if isinstance(aggregate, exp.ArrayAgg) else _call("get", values, exp.Literal.number(0))


def _or_null(values: exp.Expression) -> exp.Expression:
    """The list of no rows is null on DuckDB and empty on Spark."""
    return _call("nullif", values, exp.Array())


def _row(value: exp.Expression, keys: Sequence[exp.Ordered]) -> exp.Expression:
    named = [exp.alias_(key.this.copy(), f"key_{position}") for position, key in enumerate(keys)]
    return exp.Struct(
        expressions=[exp.PropertyEQ(this=exp.to_identifier(one.alias), expression=one.this) for one in named]
        + [exp.PropertyEQ(this=exp.to_identifier("value"), expression=value.copy())]
    )


def _comparison(keys: Sequence[exp.Ordered]) -> exp.Expression:
    """Which of two rows comes first, as a lambda: key by key, nulls last as in DuckDB."""
    case = exp.Case()
    for position, key in enumerate(keys):
        left, right = (exp.column(f"key_{position}", side) for side in ("l", "r"))
        sign = 1 if key.args.get("desc") else -1
        for condition, result in (
            (exp.LT(this=left, expression=right), sign),
            (exp.GT(this=left, expression=right), -sign),
            (exp.and_(left.is_(exp.null()), right.is_(exp.null()).not_()), 1),
            (exp.and_(right.is_(exp.null()), left.is_(exp.null()).not_()), -1),
        ):
            case = case.when(condition, exp.Literal.number(str(result)))
    return exp.Lambda(
        this=case.else_(exp.Literal.number(0)), expressions=[exp.to_identifier("l"), exp.to_identifier("r")]
    )


def _filtered(aggregate: exp.Expression, condition: exp.Expression | None) -> exp.Expression:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy())) if condition else aggregate


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


REWRITES: tuple[Callable[[exp.Expression], exp.Expression], ...] = (
    _files,
    _replaced_columns,
    _not_materialized,
    _rows,
    _single_unnest,
    _named_windows,
    _ordered_values,
)
