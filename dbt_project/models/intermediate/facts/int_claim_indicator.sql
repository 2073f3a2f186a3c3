{{ config(materialized='view') }}

-- Which indicator a claim is about, for those that are about a known one.
select claim_id, indicator_key, resolved_by
from {{ ref('int_claim_name') }}
where indicator_key is not null
