-- The claims of the fiscal year that compete for each amount of money in a version, in the policy's order.
with candidate as (
    select claims.*, submission.fiscal_year
    from {{ ref('fct_claim') }} as claims
    inner join {{ ref('dim_submission') }} as submission
        on claims.submission_version_id = submission.submission_version_id
    where (claims.kind, claims.role) in (('budget', 'initial'), ('budget', 'adjusted'), ('expenditure', 'actual'))
        and claims.subject is not null
        and claims.unit_base = '元'
        and coalesce(claims.operator, '=') in ('=', '~')
        and try_cast(claims.value_base as decimal(20, 2)) is not null
),

keyed as (
    select
        claim.submission_version_id, claim.kind, claim.role, claim.subject as category, claim.claim_id,
        claim.value_base::decimal(20, 2) as amount_yuan, claim.verification,
        {{ preference_key() }} as preference
    from candidate as claim
    inner join {{ policies() }} as policy on claim.kind = policy.kind
    where {{ within_year('claim') }} and {{ is_sure('claim') }}
)

select *, {{ position('submission_version_id, kind, role, category') }}
from keyed
