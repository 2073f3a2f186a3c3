"""Two ranking methods on the same facts: who would move, before anything is switched."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from jiheng.query import Asked

MODELS = ("+rank_division", "+rank_department", "resource_type:seed")

# Places of both methods side by side; a unit that one of them does not rank has no place there.
BOTH = """
WITH unit AS (
  SELECT 'division' AS unit, method_id, fiscal_year, league AS competition, division_key AS unit_key, rank, rank_low,
         rank_high, score, is_ranked
  FROM rank_division WHERE league IS NOT NULL
  UNION ALL
  SELECT 'department', method_id, fiscal_year, "function", department_key, rank, rank_low, rank_high, score, is_ranked
  FROM rank_department
), word AS (
  SELECT 'division' AS unit, league AS competition, name_zh FROM leagues
  UNION ALL SELECT 'department', function_key, name_zh FROM functions
), named AS (
  SELECT 'division' AS unit, division_key AS unit_key, arg_max(name, valid_from) AS name FROM dim_division GROUP BY ALL
  UNION ALL
  SELECT 'department', department.department_key, concat(division.name, '·', department.name)
  FROM (SELECT department_key, arg_max(name, valid_from) AS name, arg_max(division_key, valid_from) AS division_key
        FROM dim_department GROUP BY ALL) AS department
  LEFT JOIN (SELECT division_key, arg_max(name, valid_from) AS name FROM dim_division GROUP BY ALL) AS division
    USING (division_key)
), both_methods AS (
  SELECT unit, fiscal_year, competition, unit_key,
         old.rank AS rank_before, new.rank AS rank_after, old.score AS score_before, new.score AS score_after,
         old.rank - new.rank AS places_won, abs(old.rank - new.rank) AS distance,
         new.rank NOT BETWEEN old.rank_low AND old.rank_high AS beyond_interval
  FROM (FROM unit WHERE method_id = getvariable('one')) AS old
  JOIN (FROM unit WHERE method_id = getvariable('other')) AS new USING (unit, fiscal_year, competition, unit_key)
  WHERE old.is_ranked OR new.is_ranked
)
"""
GROUPS = f"""{BOTH}
SELECT fiscal_year AS "年度", CASE unit WHEN 'division' THEN '区划' ELSE '部门' END AS "对象", name_zh AS "组",
       count(rank_before) AS "甲排名数", count(rank_after) AS "乙排名数",
       count(*) FILTER (WHERE distance > 0) AS "名次变动", coalesce(max(distance), 0) AS "最大变动",
       count(*) FILTER (WHERE beyond_interval) AS "超出甲的区间",
       CASE WHEN count(DISTINCT rank_before) > 1 AND count(DISTINCT rank_after) > 1
            THEN round(corr(rank_before, rank_after), 3)::DECIMAL(4, 3) END AS "秩相关"
FROM both_methods LEFT JOIN word USING (unit, competition)
GROUP BY fiscal_year, unit, competition, name_zh
ORDER BY fiscal_year DESC, unit DESC, competition
"""
MOVERS = {
    unit: f"""{BOTH}
SELECT fiscal_year AS "年度", name_zh AS "组", coalesce(name, unit_key) AS "单位",
       rank_before AS "甲名次", rank_after AS "乙名次", places_won AS "升降", beyond_interval AS "超出甲的区间",
       round(score_before, 2) AS "甲得分", round(score_after, 2) AS "乙得分"
FROM both_methods LEFT JOIN word USING (unit, competition) LEFT JOIN named USING (unit, unit_key)
WHERE rank_before IS DISTINCT FROM rank_after AND unit = '{unit}'
ORDER BY rank_before IS NULL OR rank_after IS NULL DESC, distance DESC, fiscal_year DESC, competition, rank_before,
         unit_key
"""
    for unit in ("division", "department")
}


class UnknownMethodError(ValueError):
    """A method that the catalogue of methods does not have."""


@contextmanager
def comparing(settings: Settings, one: str, other: str) -> Iterator[Asked]:
    """Compute both methods on the lake as it is now, in a build of its own, and let questions be asked of it: `GROUPS`
    and `MOVERS`. Nothing is published. Raises `UnknownMethodError`, and RuntimeError where the build fails.
    """
    from jiheng.query import asking
    from jiheng.warehouse import build

    _check_known(settings, one, other)
    database = settings.home / "compare" / "methods.duckdb"
    built = build(settings, database, _variables(settings, one, other), MODELS, tests=False)
    if built.failures:
        raise RuntimeError(f"建仓失败 the build failed: {built.failures[0].node}: {built.failures[0].message}")
    with asking(database, {"one": one, "other": other}) as questions:
        yield questions


def _check_known(settings: Settings, *methods: str) -> None:
    with (settings.reference / "ranking_methods.csv").open(encoding="utf-8", newline="") as stream:
        known = [row["method_id"] for row in csv.DictReader(stream)]
    unknown = [method for method in methods if method not in known]
    if unknown:
        raise UnknownMethodError(f"没有方法 no such method: {'、'.join(unknown)}；现有 known: {'、'.join(known)}")


def _variables(settings: Settings, one: str, other: str) -> dict[str, str]:
    from ingest.lake import Lake

    now = datetime.now(UTC)
    _, data_time = Lake(settings.lake).state(now)
    return {
        "as_of": data_time.isoformat(),
        "as_of_day": now.astimezone(LOCAL_TIME).date().isoformat(),
        "edition_id": f"compare-{one}-{other}",
        "previous_edition": "",
        "methods": f"{one},{other}",
    }
