select submission_version_id, role as stage, category, amount_yuan, verification, claim_id
from {{ ref('int_money_choice') }}
where kind = 'budget'
order by submission_version_id, stage, category
