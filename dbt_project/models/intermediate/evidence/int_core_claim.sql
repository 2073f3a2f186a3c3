-- The claims that facts rest on, each once: what a ranking may be asked to prove.
with used as (
    select submission_version_id, claim_id from {{ ref('fct_budget') }}
    union
    select submission_version_id, unnest([claim_id, stated_rate_claim_id]) as claim_id
    from {{ ref('fct_expenditure') }}
    union
    select submission_version_id, unnest([target_claim_id, actual_claim_id, stated_rate_claim_id]) as claim_id
    from {{ ref('fct_indicator_outcome') }}
    union
    select submission_version_id, unnest([score_claim_id, grade_claim_id]) as claim_id
    from {{ ref('fct_self_evaluation') }}
)

select used.submission_version_id, used.claim_id, claim.verification
from used
inner join {{ ref('fct_claim') }} as claim on used.claim_id = claim.claim_id
