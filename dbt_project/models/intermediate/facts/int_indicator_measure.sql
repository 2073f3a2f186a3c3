-- Target and actual of an indicator side by side, as a level (30 家) or as growth (+3 %), in the policy's order.
with pair as (
    select
        coalesce(target.submission_version_id, actual.submission_version_id) as submission_version_id,
        coalesce(target.indicator_key, actual.indicator_key) as indicator_key,
        coalesce(target.measure, actual.measure) as measure,
        target.claim_id as target_claim_id,
        actual.claim_id as actual_claim_id,
        actual.is_whole_year
    from {{ ref('int_indicator_target') }} as target
    full outer join {{ ref('int_indicator_actual') }} as actual
        on target.submission_version_id = actual.submission_version_id
        and target.indicator_key = actual.indicator_key
        and target.measure = actual.measure
),

keyed as (
    select
        pair.*,
        list_transform(policy.steps, lambda step:
            case step.preference
                when 'both_sides' then
                    case when pair.target_claim_id is not null and pair.actual_claim_id is not null then 0 else 1 end
                when 'level' then case when pair.measure = 'level' then 0 else 1 end
            end
        ) as preference
    from pair
    inner join {{ policies() }} as policy on policy.kind = 'indicator_pair'
)

select
    *,
    (row_number() over (
        partition by submission_version_id, indicator_key order by preference, measure
    ))::integer as position
from keyed
