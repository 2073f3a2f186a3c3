-- Each unit's score under a method beside its score of the year before, in the scope in which improvement is ranked: a
-- division's league, a department's function. A department's year before is that of its line (机构沿革).
with unit as (
    select
        method_id, province_key, fiscal_year, 'division' as unit, division_key as unit_key, division_key as line_key,
        'league' as scope, league as scope_key, score, is_ranked
    from {{ ref('int_division_score') }}
    where league is not null
    union all
    select
        score.method_id, score.province_key, score.fiscal_year, 'department' as unit, score.department_key as unit_key,
        department.line_key, 'function' as scope, score."function" as scope_key, score.score, score.is_ranked
    from {{ ref('int_department_function') }} as score
    inner join {{ ref('dim_department') }} as department on score.department_key = department.department_key
),

-- Two departments that have become one since have no single year before.
line as (
    select
        method_id, fiscal_year, unit, line_key,
        count(distinct unit_key) as units,
        any_value(unit_key) as unit_key,
        any_value(score) as score,
        bool_or(is_ranked) as is_ranked
    from unit
    group by method_id, fiscal_year, unit, line_key
),

joined as (
    select
        unit.*, before.unit_key as key_before, before.score as score_before,
        case
            when not unit.is_ranked then 'unranked'
            when before.units is null then 'no_year_before'
            when before.units > 1 then 'several_before'
            when not before.is_ranked then 'unranked_year_before'
        end as unranked_reason
    from unit
    left join line as before
        on unit.method_id = before.method_id
        and unit.fiscal_year - 1 = before.fiscal_year
        and unit.unit = before.unit
        and unit.line_key = before.line_key
)

select
    method_id, province_key, fiscal_year, unit, unit_key, scope, scope_key, unranked_reason, score,
    case when unranked_reason is null then key_before end as key_before,
    case when unranked_reason is null then score_before end as score_before,
    case when unranked_reason is null then score - score_before end::decimal(18, 8) as improvement
from joined
