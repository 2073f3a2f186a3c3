-- Whether an indicator's target is the same wherever the report states it; and the share of those that are.
with targets as (
    select
        submission_version_id, indicator_key, unit_base,
        count(distinct row(value_base, value_high_base)) > 1 as has_drifted
    from {{ ref('int_indicator_claim') }}
    where role = 'target' and measure = 'level'
    group by submission_version_id, indicator_key, unit_base
)

select
    submission_version_id,
    {{ share_as_measure('count(*) filter (where not has_drifted)', 'count(*)') }} as measure
from targets
group by submission_version_id
