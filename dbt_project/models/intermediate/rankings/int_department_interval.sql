-- Within which ranks a department lies in most draws: of its drawn ranks in order, those at the method's two ends.
with drawn as (
    select
        unit.method_id, unit.fiscal_year, unit."function", unit.department_key,
        rank() over (
            partition by unit.method_id, unit.province_key, unit.fiscal_year, unit."function", draw.draw
            order by draw.score_millionths desc
        ) as drawn_rank
    from {{ ref('int_department_function') }} as unit
    inner join {{ ref('int_department_draw') }} as draw
        on unit.method_id = draw.method_id
        and unit.fiscal_year = draw.fiscal_year
        and unit.department_key = draw.department_key
    where unit.is_ranked
),

ordered as (
    select method_id, fiscal_year, "function", department_key, list_sort(list(drawn_rank)) as ranks, count(*) as draws
    from drawn
    group by method_id, fiscal_year, "function", department_key
)

select
    ordered.method_id, ordered.fiscal_year, ordered."function", ordered.department_key,
    ordered.ranks[floor(method.interval_low * ordered.draws)::integer + 1] as rank_low,
    ordered.ranks[ceil(method.interval_high * ordered.draws)::integer] as rank_high
from ordered
inner join {{ ref('int_ranking_method') }} as method on ordered.method_id = method.method_id
