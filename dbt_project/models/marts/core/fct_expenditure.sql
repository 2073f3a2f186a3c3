-- The denominator is the adjusted budget (调整预算数) and no other: without it the rate is unknown, which is not zero.
select
    spent.submission_version_id,
    spent.category,
    spent.amount_yuan,
    adjusted.amount_yuan as adjusted_budget_yuan,
    {{ ratio('spent.amount_yuan', 'adjusted.amount_yuan', 2) }} as execution_rate,
    stated.stated_execution_rate,
    case
        when 'contradicted' in (spent.verification, adjusted.verification, stated.verification) then 'contradicted'
        when spent.verification = 'verified' and coalesce(adjusted.verification, 'verified') = 'verified'
            then 'verified'
        else 'unverifiable'
    end as verification,
    spent.claim_id,
    adjusted.claim_id as adjusted_budget_claim_id,
    stated.claim_id as stated_rate_claim_id
from {{ ref('int_money_choice') }} as spent
left join {{ ref('int_money_choice') }} as adjusted
    on spent.submission_version_id = adjusted.submission_version_id
    and spent.category = adjusted.category
    and adjusted.kind = 'budget'
    and adjusted.role = 'adjusted'
left join {{ ref('int_execution_rate_choice') }} as stated
    on spent.submission_version_id = stated.submission_version_id and spent.category = stated.category
where spent.kind = 'expenditure'
order by spent.submission_version_id, spent.category
