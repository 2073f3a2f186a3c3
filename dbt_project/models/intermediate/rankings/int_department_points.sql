-- Points of each part: the weight of parts that cannot be assessed is shared out over the others, by their weights.
with weighed as (
    select
        method_id, department_key, fiscal_year, part, value,
        {{ whole('weight', 3) }} as weight,
        (sum({{ whole('weight', 3) }})
            over (partition by method_id, department_key, fiscal_year))::hugeint as all_weights,
        (sum({{ whole('weight', 3) }}) filter (where value is not null)
            over (partition by method_id, department_key, fiscal_year))::hugeint as assessed_weights
    from {{ ref('int_department_part') }}
),

measured as (
    select *, weight * {{ whole('value', 16) }} * all_weights as earned, assessed_weights * 100000000000 as divisor
    from weighed
)

select
    method_id, department_key, fiscal_year,
    {% for part in parts() -%}
        max({{ in_eighths(rounded_quotient('earned', 'divisor')) }})
            filter (where part = '{{ part }}') as {{ part }}_score,
    {% endfor -%}
    {{ in_eighths(rounded_quotient('sum(earned)::hugeint', 'max(divisor)')) }} as score
from measured
group by method_id, department_key, fiscal_year
