"""Control totals: what the lake says of itself, counted and summed apart from the warehouse that is built from it.

A step of the warehouse that drops a county, counts a report twice or shifts a unit cannot do the same here: these
statements read the batches' Parquet files and nothing else. Written as small Parquet files for the gate.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from ingest.lake import Lake

# The latest reading of each version; rows of other tables belong to it when they were recorded with it or after it.
VERSIONS = """
    select *
    from {submission_version}
    qualify row_number() over (partition by submission_version_id order by recorded_at desc, batch_id desc) = 1
"""
# Rows of a table that the latest reading of their version left, each key once, the last one recorded.
READ = """
    select {columns}, rows.batch_id, rows.recorded_at
    from {table} as rows
    inner join version
        on rows.submission_version_id = version.submission_version_id and rows.recorded_at >= version.recorded_at
"""
ONCE = """
    with many as (
        select submission_version_id from read_{name} group by all having count(distinct batch_id) > 1
    )
    select * from read_{name} anti join many using (submission_version_id)
    union all
    select *
    from read_{name} semi join many using (submission_version_id)
    qualify row_number() over (partition by {key} order by recorded_at desc, batch_id desc) = 1
"""
# Tables whose rows belong to a version, and what makes a row of a version one and the same.
OF_VERSIONS = {
    "claim": "claim_id",
    "finding": "finding_id",
    "statement": "statement_id",
    "observation": "observation_id",
    "coverage": "submission_version_id, class_id",
    "vote": "claim_id",
}
SUMMED = {"claim": ("kind", "unit_base", "value", "value_base")}
# A person may say that a figure is an indicator's; no other kind of claim ever becomes another.
KIND = "case when kind = 'figure' then 'indicator' else kind end"
MONEY = ("budget", "expenditure")

TOTALS = {
    # One row is one version, under the divisions and departments that it may be counted under: its own and those that
    # a register of department changes leads to.
    "versions": """
        with moved as (
            select list(new_division_key) filter (where new_division_key is not null) || list(division_key) as divisions
            from {department_change}
        )
        select
            submission_version_id, division_key, department_key, fiscal_year,
            list_distinct(list_prepend(division_key, coalesce(moved.divisions, []))) as divisions
        from version cross join moved
    """,
    # One row is a table's rows of one version.
    "rows": " union all ".join(
        f"select '{name}' as table_name, submission_version_id, count(*) as rows from once_{name} group by all"
        for name in OF_VERSIONS
    ),
    # One row is the claims of a version of one kind and unit.
    "claims": f"""
        select submission_version_id, {KIND} as kind, unit_base, count(*) as claims, sum(value) as value,
            sum(value_base) as value_base
        from once_claim
        group by all
    """,
    # One row is one claim of money, in the smallest unit.
    "money": f"""
        select claim_id, submission_version_id, value_base
        from once_claim
        where unit_base = '元' and kind in {MONEY}
    """,
    # One row is one report that some register says is owed, or that came.
    "years": """
        select division_key, fiscal_year, count(distinct department_key) as departments
        from (
            select division_key, department_key, fiscal_year from {due_submission}
            union
            select division_key, department_key, fiscal_year from version
        )
        group by all
    """,
    "divisions": "select distinct division_key, province_key, league from {division}",
    "acts": "select distinct act_id, kind from {act}",
    "stages": "select distinct run_id, arrival_id, stage from {stage_outcome}",
    # When anything that decides about ranks beside the reports was last recorded.
    "news": " union all ".join(
        f"select '{name}' as table_name, max(recorded_at) as recorded_at from {{{name}}}"
        for name in ("act", "review_answer", "vote", "due_submission", "division", "department_change")
    )
    + " union all select 'any', max(recorded_at) from {arrival}",
}


def write(lake: Lake, as_of: datetime, folder: Path) -> Path:
    """Write the control totals of what was recorded by `as_of` as Parquet files into `folder`, and give it back."""
    lake.ensure()
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"preserve_insertion_order": False}) as con:
        con.execute("set TimeZone = 'UTC'")
        tables = _tables(lake, as_of)
        con.execute(f"create table version as {VERSIONS.format(**tables)}")
        for name, key in OF_VERSIONS.items():
            columns = ["submission_version_id", *SUMMED.get(name, ()), key.rpartition(" ")[2]]
            read = READ.format(table=tables[name], columns=", ".join(f"rows.{column}" for column in columns))
            con.execute(f"create table read_{name} as {read}")
            con.execute(f"create view once_{name} as {ONCE.format(name=name, key=key)}")
        for name, query in TOTALS.items():
            con.execute(f"copy ({query.format(**tables)}) to '{folder / name}.parquet' (format parquet)")
    return folder


def _tables(lake: Lake, as_of: datetime) -> dict[str, str]:
    """Each table of the lake as an expression of SQL."""
    names = {path.stem for path in lake.batches.glob("*/*.parquet")}
    return {
        name: f"(select * from read_parquet('{lake.batches.as_posix()}/*/{name}.parquet', union_by_name = true) "
        f"where recorded_at <= timestamptz '{as_of.isoformat()}')"
        for name in names
    }
