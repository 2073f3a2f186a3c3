"""The interval of every rank, from draws. How ranks are drawn stands in `ranking/`; see decision 0024."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def model(dbt: Any, session: Any) -> pa.Table:  # noqa: ARG001 (dbt calls every model with both)
    """One row an entry of `int_rank_entry`."""
    from ranking.intervals import intervals

    # dbt reads its graph from these calls as they are written, so each names its table.
    return intervals(
        {
            "method": dbt.ref("int_ranking_method").df(),
            "part": dbt.ref("ranking_method_parts").df(),
            "policy": dbt.ref("ranking_target_policies").df(),
            "bound": dbt.ref("int_department_bound").df(),
            "member": dbt.ref("int_division_member").df(),
            "median": dbt.ref("int_league_median").df(),
            "entry": dbt.ref("int_rank_entry").df(),
        }
    )
