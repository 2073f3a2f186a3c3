-- Points of each part. Where a part cannot be assessed its weight is shared out over the others, by their weights; or
-- it counts with the share that the method states for such a part.
with valued as (
    select part.* replace (coalesce(part.value, method.unassessed_share) as value), part.value as assessed
    from {{ ref('int_department_part') }} as part
    inner join {{ ref('int_ranking_method') }} as method on part.method_id = method.method_id
),

weighed as (
    select
        method_id, department_key, fiscal_year, part, value, assessed,
        {{ whole('weight', 3) }} as weight,
        (sum({{ whole('weight', 3) }})
            over (partition by method_id, department_key, fiscal_year))::hugeint as all_weights,
        (sum({{ whole('weight', 3) }}) filter (where value is not null)
            over (partition by method_id, department_key, fiscal_year))::hugeint as counted_weights
    from valued
),

measured as (
    select *, weight * {{ whole('value', 16) }} * all_weights as earned, counted_weights * 100000000000 as divisor
    from weighed
)

select
    method_id, department_key, fiscal_year,
    coalesce(bool_or(part in ('execution', 'outcome') and assessed is not null), false) as is_assessable,
    {% for part in parts() -%}
        max({{ in_eighths(rounded_quotient('earned', 'divisor')) }})
            filter (where part = '{{ part }}') as {{ part }}_score,
    {% endfor -%}
    {{ in_eighths(rounded_quotient('sum(earned)::hugeint', 'max(divisor)')) }} as score
from measured
group by method_id, department_key, fiscal_year
