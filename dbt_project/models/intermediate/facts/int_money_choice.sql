{{ config(materialized='view') }}

-- One claim for each amount of money in a version: the policy's first among those of the fiscal year.
select submission_version_id, kind, role, category, claim_id, amount_yuan, verification
from {{ ref('int_money_candidate') }}
where position = 1
