-- The targets that compete for each indicator of a version, in the policy's order, seen from the actual chosen before.
with actual as (
    select
        choice.submission_version_id, choice.indicator_key, choice.measure, choice.claim_id, claim.section_path,
        claim.unit_base
    from {{ ref('int_indicator_actual') }} as choice
    inner join {{ ref('int_indicator_claim') }} as claim on choice.claim_id = claim.claim_id
),

keyed as (
    select
        claim.submission_version_id, claim.indicator_key, claim.measure, claim.claim_id,
        {{ preference_key(chosen='actual') }} as preference
    from {{ ref('int_indicator_claim') }} as claim
    inner join {{ policies() }} as policy on policy.kind = 'indicator_target'
    left join actual
        on claim.submission_version_id = actual.submission_version_id
        and claim.indicator_key = actual.indicator_key
        and claim.measure = actual.measure
    where claim.role = 'target'
)

select *, {{ position('submission_version_id, indicator_key, measure') }}
from keyed
