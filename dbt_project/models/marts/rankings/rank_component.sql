-- Components of accepted reports: what each earned and of what, or why it cannot be assessed. Points are those of the
-- method; where a part cannot be assessed, its weight is shared out later.
with looked_at as (
    select
        method_id, submission_version_id, component,
        count(*) as items,
        count(*) filter (where measure is not null) as counted_items,
        any_value(reason order by item) as reason
    from {{ ref('int_evidence_item') }}
    where component != 'verified_share'
    group by method_id, submission_version_id, component
    union all
    select
        method.method_id, verified.submission_version_id, 'verified_share' as component,
        verified.core_claims as items, verified.core_claims as counted_items, null as reason
    from {{ ref('int_evidence_verified') }} as verified
    cross join {{ ref('int_ranking_method') }} as method
)

select
    '{{ night('edition_id') }}' as edition_id,
    component.method_id,
    year.fiscal_year,
    year.department_key,
    component.component,
    component.part,
    component.points,
    known.measure,
    known.value::decimal(18, 12) as share,
    {{ in_eighths(rounded_quotient(
        '(' ~ whole('component.points', 3) ~ ' * ' ~ whole('known.value', 16) ~ ')',
        '100000000000::hugeint')) }} as earned_points,
    coalesce(known.low, 0)::decimal(18, 12) as share_low,
    coalesce(known.high, 1)::decimal(18, 12) as share_high,
    coalesce(looked_at.items, 0)::integer as items,
    coalesce(looked_at.counted_items, 0)::integer as counted_items,
    known.value is not null as is_assessable,
    case
        when known.value is not null then null
        when component.component = 'completion' and looked_at.items is null then 'no_indicators'
        when component.component = 'completion' and known.component is null then 'none_assessable'
        when component.component = 'completion' then 'none_verified'
        when component.component = 'verified_share' then 'no_core_claims'
        when component.component = 'targets_without_drift' then 'no_targets'
        else looked_at.reason
    end as not_assessable_reason,
    year.submission_version_id
from {{ ref('int_department_year') }} as year
cross join {{ ref('int_ranking_method') }} as method
inner join {{ ref('ranking_method_components') }} as component on method.method_id = component.method_id
left join {{ ref('int_component_value') }} as known
    on component.method_id = known.method_id
    and year.submission_version_id = known.submission_version_id
    and component.component = known.component
left join looked_at
    on component.method_id = looked_at.method_id
    and year.submission_version_id = looked_at.submission_version_id
    and component.component = looked_at.component
where year.is_accepted
order by component.method_id, year.fiscal_year, year.department_key, component.component
