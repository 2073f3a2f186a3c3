{{ config(materialized='view') }}

-- One target for each indicator of a version: the policy's first.
select submission_version_id, indicator_key, measure, claim_id
from {{ ref('int_indicator_target_candidate') }}
where position = 1
