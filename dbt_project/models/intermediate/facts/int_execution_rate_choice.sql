{{ config(materialized='view') }}

-- One stated execution rate for each amount spent: the policy's first.
select
    submission_version_id, category, claim_id, try_cast(value_base as decimal(18, 8)) as stated_execution_rate,
    verification
from {{ ref('int_execution_rate_candidate') }}
where position = 1
