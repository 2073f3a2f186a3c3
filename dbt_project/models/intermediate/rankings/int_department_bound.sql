-- Between what shares each part of a ranked department may lie under each policy about targets, in millionths: a
-- component that is known is what it is, one that is not assessable may be anything between nothing and all.
with components as (
    select
        score.method_id, score.fiscal_year, score.department_key, policy.policy, component.part,
        {{ whole('component.points', 3) }} as points,
        case component.component when 'completion' then outcome.low else known.low end as low,
        case component.component when 'completion' then outcome.high else known.high end as high
    from {{ ref('int_department_score') }} as score
    inner join {{ ref('ranking_method_components') }} as component on score.method_id = component.method_id
    inner join {{ ref('ranking_target_policies') }} as policy on score.method_id = policy.method_id
    left join {{ ref('int_component_value') }} as known
        on score.method_id = known.method_id
        and score.submission_version_id = known.submission_version_id
        and component.component = known.component
    left join {{ ref('int_evidence_outcome') }} as outcome
        on score.method_id = outcome.method_id
        and score.submission_version_id = outcome.submission_version_id
        and policy.policy = outcome.policy
    where score.is_ranked
),

parts as (
    select
        method_id, fiscal_year, department_key, policy, part,
        {{ rounded_quotient(
            'sum(points * ' ~ whole('coalesce(low, 0)', 16) ~ ')::hugeint',
            '(sum(points) * 10000000000)::hugeint') }}::bigint as low,
        {{ rounded_quotient(
            'sum(points * ' ~ whole('coalesce(high, 1)', 16) ~ ')::hugeint',
            '(sum(points) * 10000000000)::hugeint') }}::bigint as high
    from components
    group by method_id, fiscal_year, department_key, policy, part
)

select
    method_id, fiscal_year, department_key, policy,
    {% for part in parts() -%}
        max(low) filter (where part = '{{ part }}') as {{ part }}_low,
        max(high) filter (where part = '{{ part }}') as {{ part }}_high
        {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
from parts
group by method_id, fiscal_year, department_key, policy
