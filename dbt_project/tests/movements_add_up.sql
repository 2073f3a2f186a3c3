-- The causes of a movement add up to it: points to the difference of the scores, places to that of the ranks, and the
-- shares of departments to the points of their cause.
with divisions as (
    select method_id, fiscal_year, division_key, sum(points) as points, sum(places) as places
    from {{ ref('movement_division') }}
    group by method_id, fiscal_year, division_key
),

departments as (
    select method_id, fiscal_year, "function", department_key, sum(points) as points, sum(places) as places
    from {{ ref('movement_department') }}
    group by method_id, fiscal_year, "function", department_key
),

shares as (
    select method_id, fiscal_year, division_key, cause, sum(points) as points, count(*) as departments
    from {{ ref('movement_member') }}
    group by method_id, fiscal_year, division_key, cause
)

select unit.method_id, unit.fiscal_year, unit.division_key as unit_key, null as detail
from {{ ref('int_movement_division') }} as unit
left join divisions
    on unit.method_id = divisions.method_id
    and unit.fiscal_year = divisions.fiscal_year
    and unit.division_key = divisions.division_key
where unit.unsplit_reason is null
    and (
        coalesce(divisions.points, 0) != unit.score_now - unit.score_before
        or coalesce(divisions.places, 0) != unit.rank_before - unit.rank_now
    )
union all
select unit.method_id, unit.fiscal_year, unit.department_key as unit_key, unit."function" as detail
from {{ ref('int_movement_department') }} as unit
left join departments
    on unit.method_id = departments.method_id
    and unit.fiscal_year = departments.fiscal_year
    and unit."function" = departments."function"
    and unit.department_key = departments.department_key
where unit.unsplit_reason is null
    and (
        coalesce(departments.points, 0) != unit.score_now - unit.score_before
        or coalesce(departments.places, 0) != unit.rank_before - unit.rank_now
    )
union all
select cause.method_id, cause.fiscal_year, cause.division_key as unit_key, cause.cause as detail
from {{ ref('movement_division') }} as cause
left join shares
    on cause.method_id = shares.method_id
    and cause.fiscal_year = shares.fiscal_year
    and cause.division_key = shares.division_key
    and cause.cause = shares.cause
where cause.is_split
    and cause.departments is not null
    and (shares.points is distinct from cause.points or shares.departments is distinct from cause.departments)
