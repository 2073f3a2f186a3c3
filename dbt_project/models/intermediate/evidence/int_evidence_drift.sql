-- The share of indicators whose target is the same wherever the report states it.
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
    {{ in_sixteenths(rounded_quotient(
        '(count(*) filter (where not has_drifted) * 10000000000000000::hugeint)', 'count(*)')) }} as value
from targets
group by submission_version_id
