-- Every claim that a fact names is a claim of the same version.
with used as (
    select submission_version_id, claim_id from {{ ref('fct_budget') }}
    union all
    select submission_version_id, unnest([claim_id, adjusted_budget_claim_id, stated_rate_claim_id])
    from {{ ref('fct_expenditure') }}
    union all
    select submission_version_id, unnest([target_claim_id, actual_claim_id, stated_rate_claim_id])
    from {{ ref('fct_indicator_outcome') }}
    union all
    select submission_version_id, unnest([score_claim_id, grade_claim_id]) from {{ ref('fct_self_evaluation') }}
)

select used.*
from used
left join {{ ref('fct_claim') }} as claim
    on used.claim_id = claim.claim_id and used.submission_version_id = claim.submission_version_id
where used.claim_id is not null and claim.claim_id is null
