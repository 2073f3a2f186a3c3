-- The stated execution rates that compete for each amount spent, in the policy's order.
with candidate as (
    select claims.*, submission.fiscal_year
    from {{ ref('fct_claim') }} as claims
    inner join {{ ref('dim_submission') }} as submission
        on claims.submission_version_id = submission.submission_version_id
    where claims.kind = 'execution_rate' and claims.unit_base = 'ratio' and claims.value_base is not null
),

keyed as (
    select
        claim.submission_version_id, claim.subject as category, claim.claim_id, claim.value_base, claim.verification,
        {{ preference_key(chosen='chosen') }} as preference
    from candidate as claim
    inner join {{ ref('int_money_choice') }} as spent
        on claim.submission_version_id = spent.submission_version_id
        and claim.subject = spent.category
        and spent.kind = 'expenditure'
    inner join {{ ref('fct_claim') }} as chosen on spent.claim_id = chosen.claim_id
    inner join {{ policies() }} as policy on policy.kind = 'execution_rate'
    where {{ within_year('claim') }} and {{ is_sure('claim') }}
)

select *, {{ position('submission_version_id, category') }}
from keyed
