-- The claims that compete for a version's self score and self grade, in the policy's order.
with keyed as (
    select
        claim.submission_version_id, claim.kind, claim.claim_id,
        try_cast(claim.value as decimal(6, 2)) as score, claim.value_text as grade,
        {{ preference_key() }} as preference
    from (
        select claims.*, submission.fiscal_year
        from {{ ref('fct_claim') }} as claims
        inner join {{ ref('dim_submission') }} as submission
            on claims.submission_version_id = submission.submission_version_id
        where claims.kind in ('score', 'grade') and claims.role = 'self'
    ) as claim
    inner join {{ policies() }} as policy on claim.kind = policy.kind
    where claim.kind = 'grade' or try_cast(claim.value as decimal(6, 2)) is not null
)

select *, {{ position('submission_version_id, kind') }}
from keyed
