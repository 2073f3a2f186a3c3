{#- Units of a kind ranked by their improvement, with the interval that most draws lie in; see `int_year_before`. -#}
{% macro ranked_by_improvement(unit, key, scope) -%}
with ranked as (
    select
        *,
        improvement is not null as is_ranked,
        rank() over (
            partition by method_id, province_key, fiscal_year, scope_key, improvement is null order by improvement desc
        ) as place,
        count(*) over (partition by method_id, province_key, fiscal_year, scope_key, improvement) as sharing,
        count(improvement) over (partition by method_id, province_key, fiscal_year, scope_key) as ranked_units
    from {{ ref('int_year_before') }}
    where unit = '{{ unit }}'
)

select
    '{{ night('edition_id') }}' as edition_id,
    ranked.method_id,
    ranked.province_key,
    ranked.fiscal_year,
    ranked.scope_key as {{ scope }},
    ranked.unit_key as {{ key }},
    case when ranked.is_ranked then ranked.place end::integer as rank,
    case when ranked.is_ranked then least(ranked.place, interval.rank_low) end::integer as rank_low,
    case when ranked.is_ranked then greatest(ranked.place, interval.rank_high) end::integer as rank_high,
    ranked.is_ranked and ranked.sharing > 1 as is_tied,
    ranked.ranked_units::integer as ranked_units,
    ranked.score,
    ranked.score_before,
    ranked.improvement,
    least(ranked.improvement, {{ millionths('interval.points_low') }})::decimal(18, 8) as improvement_low,
    greatest(ranked.improvement, {{ millionths('interval.points_high') }})::decimal(18, 8) as improvement_high,
    ranked.is_ranked,
    ranked.unranked_reason
    {%- if unit == 'department' %},
    ranked.key_before as department_key_before
    {%- endif %}
from ranked
left join {{ ref('int_rank_interval') }} as interval
    on ranked.method_id = interval.method_id
    and ranked.fiscal_year = interval.fiscal_year
    and interval.measure = 'improvement'
    and ranked.unit = interval.unit
    and ranked.scope_key = interval.scope_key
    and ranked.unit_key = interval.unit_key
order by ranked.method_id, ranked.fiscal_year, ranked.scope_key, ranked.unit_key
{%- endmacro %}

{#- A whole number of millionths of a point as points. -#}
{% macro millionths(value) -%}
    ({{ value }}::decimal(18, 0) * 0.000001::decimal(6, 6))::decimal(18, 6)
{%- endmacro %}
