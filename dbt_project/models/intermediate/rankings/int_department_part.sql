-- Each part of a method for each accepted report: its components by their points; null when none can be assessed.
with components as (
    select
        department.department_key, department.fiscal_year, component.method_id, component.part,
        {{ whole('component.points', 3) }} as points,
        {{ whole('known.value', 16) }} as value
    from {{ ref('int_department_year') }} as department
    cross join {{ ref('int_ranking_method') }} as method
    inner join {{ ref('ranking_method_components') }} as component on method.method_id = component.method_id
    left join {{ ref('int_component_value') }} as known
        on department.submission_version_id = known.submission_version_id
        and component.method_id = known.method_id
        and component.component = known.component
    where department.is_accepted
),

parts as (
    select
        method_id, department_key, fiscal_year, part,
        {{ in_sixteenths(rounded_quotient(
            'sum(points * value)::hugeint', '(sum(points) filter (where value is not null))::hugeint')) }} as value
    from components
    group by method_id, department_key, fiscal_year, part
)

select parts.method_id, parts.department_key, parts.fiscal_year, parts.part, weighed.weight, parts.value
from parts
inner join {{ ref('ranking_method_parts') }} as weighed
    on parts.method_id = weighed.method_id and parts.part = weighed.part
