-- Whether an indicator's target is the same wherever the report states it.
select
    submission_version_id, indicator_key, unit_base,
    count(distinct row(value_base, value_high_base)) > 1 as has_drifted,
    list(claim_id order by span_start, claim_id) as claim_ids
from {{ ref('int_indicator_claim') }}
where role = 'target' and measure = 'level'
group by submission_version_id, indicator_key, unit_base
