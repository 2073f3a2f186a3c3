-- Of a ranked department, the components that can be assessed make up the score: worked out again from what is
-- published, part by part and then over the parts, the weight of a part without a value shared out or counted as the
-- method says.
with parts as (
    select
        component.method_id, component.fiscal_year, component.department_key, component.part,
        sum(component.points) as weight,
        sum(component.points * component.share)
            / nullif(sum(component.points) filter (where component.is_assessable), 0) as value
    from {{ ref('rank_component') }} as component
    group by component.method_id, component.fiscal_year, component.department_key, component.part
),

scores as (
    select
        parts.method_id, parts.fiscal_year, parts.department_key,
        100 * sum(parts.weight * coalesce(parts.value, method.unassessed_share::double))
            / sum(case when coalesce(parts.value, method.unassessed_share::double) is not null then parts.weight end)
            as score
    from parts
    inner join {{ ref('ranking_methods') }} as method on parts.method_id = method.method_id
    group by parts.method_id, parts.fiscal_year, parts.department_key
)

select ranked.method_id, ranked.fiscal_year, ranked.department_key, ranked.score, scores.score as from_components
from {{ ref('rank_department') }} as ranked
left join scores
    on ranked.method_id = scores.method_id
    and ranked.fiscal_year = scores.fiscal_year
    and ranked.department_key = scores.department_key
where ranked.is_ranked and coalesce(abs(ranked.score::double - scores.score) > 0.000001, true)
