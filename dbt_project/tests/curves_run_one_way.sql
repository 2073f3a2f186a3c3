-- More of what is good never earns less, and the best earns all: each curve runs one way from 0 to 1 or from 1 to 0.
with stepped as (
    select
        curve.method_id, curve.component, curve.measure, curve.share, component.better,
        lag(curve.share) over (partition by curve.method_id, curve.component order by curve.measure) as share_before
    from {{ ref('ranking_method_curves') }} as curve
    left join {{ ref('ranking_method_components') }} as component
        on curve.method_id = component.method_id and curve.component = component.component
),

curves as (
    select
        method_id, component, min(share) as lowest, max(share) as highest, any_value(better) as better,
        coalesce(bool_or(case better when 'more' then share < share_before else share > share_before end), false)
            as turns
    from stepped
    group by method_id, component
)

select coalesce(component.method_id, curves.method_id) as method_id, curves.*
from {{ ref('ranking_method_components') }} as component
full outer join curves on component.method_id = curves.method_id and component.component = curves.component
where curves.component is null
    or curves.better is null
    or curves.turns
    or curves.lowest != 0
    or curves.highest != 1
