-- The stated completion rates that compete for each indicator of a version, in the policy's order, seen from the actual
-- that was chosen.
with keyed as (
    select
        claim.submission_version_id, claim.indicator_key, claim.claim_id, claim.value_base, claim.verification,
        {{ preference_key(chosen='chosen') }} as preference
    from (
        select claims.*, submission.fiscal_year
        from {{ ref('fct_claim') }} as claims
        inner join {{ ref('dim_submission') }} as submission
            on claims.submission_version_id = submission.submission_version_id
        where claims.kind = 'completion_rate' and claims.unit_base = 'ratio' and claims.value_base is not null
    ) as claim
    inner join (
        select pair.submission_version_id, pair.indicator_key, actual.claim_id, actual.section_path, actual.unit_base
        from {{ ref('int_indicator_pair') }} as pair
        left join {{ ref('fct_claim') }} as actual on pair.actual_claim_id = actual.claim_id
        where pair.measure = 'level'
    ) as chosen
        on claim.submission_version_id = chosen.submission_version_id and claim.indicator_key = chosen.indicator_key
    inner join {{ policies() }} as policy on policy.kind = 'completion_rate'
    where {{ within_year('claim') }} and {{ is_sure('claim') }}
)

select *, {{ position('submission_version_id, indicator_key') }}
from keyed
