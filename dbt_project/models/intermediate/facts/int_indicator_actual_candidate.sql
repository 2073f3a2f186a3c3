-- The actuals that compete for each indicator of a version, in the policy's order.
with keyed as (
    select
        claim.submission_version_id, claim.indicator_key, claim.measure, claim.claim_id,
        {{ covers_year('claim') }} as is_whole_year,
        {{ preference_key() }} as preference
    from {{ ref('int_indicator_claim') }} as claim
    inner join {{ policies() }} as policy on policy.kind = 'indicator_actual'
    where claim.role = 'actual'
)

select *, {{ position('submission_version_id, indicator_key, measure') }}
from keyed
