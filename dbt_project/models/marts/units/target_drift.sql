-- Targets that a report states differently. Only levels in one unit are compared, as in the method: a target of an
-- amount and one of its growth are two targets, and neither is the other restated.
with stated as (
    select claim.*, taken.target_claim_id as taken_claim_id
    from {{ ref('int_indicator_claim') }} as claim
    left join (select distinct target_claim_id from {{ ref('fct_indicator_outcome') }}) as taken
        on claim.claim_id = taken.target_claim_id
    where claim.role = 'target' and claim.measure = 'level'
),

drifted as (
    select
        submission_version_id, indicator_key, unit_base,
        list_sort(list(distinct value_base)) as targets,
        list(claim_id order by span_start, claim_id) as claim_ids,
        list(quote order by span_start, claim_id) as quotes,
        max(taken_claim_id) as taken_claim_id
    from stated
    group by submission_version_id, indicator_key, unit_base
    having count(distinct row(value_base, value_high_base)) > 1
)

select
    drifted.submission_version_id, drifted.indicator_key, indicators.name as indicator_name, drifted.unit_base,
    drifted.targets, drifted.quotes, drifted.claim_ids, drifted.taken_claim_id
from drifted
left join {{ ref('dim_indicator') }} as indicators on drifted.indicator_key = indicators.indicator_key
order by drifted.submission_version_id, drifted.indicator_key, drifted.unit_base
