{{ config(materialized='view') }}

-- One stated completion rate for each indicator of a version: the policy's first.
select
    submission_version_id, indicator_key, claim_id, try_cast(value_base as decimal(18, 8)) as stated_completion_rate,
    verification
from {{ ref('int_completion_rate_candidate') }}
where position = 1
