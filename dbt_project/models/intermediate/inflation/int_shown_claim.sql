-- The claims that a version's execution and outcome rest on, as far as they are weighed.
with used as (
    select submission_version_id, unnest([claim_id, adjusted_budget_claim_id]) as claim_id
    from {{ ref('fct_expenditure') }}
    where category = 'total' and verification = 'verified' and execution_rate is not null
    union
    select submission_version_id, unnest([target_claim_id, actual_claim_id]) as claim_id
    from {{ ref('fct_indicator_outcome') }}
    where is_assessable and verification = 'verified'
)

select submission_version_id, list(claim_id order by claim_id) as claim_ids
from used
where claim_id is not null
group by submission_version_id
