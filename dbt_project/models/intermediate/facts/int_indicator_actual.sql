{{ config(materialized='view') }}

-- One actual for each indicator of a version: the policy's first.
select submission_version_id, indicator_key, measure, claim_id, is_whole_year
from {{ ref('int_indicator_actual_candidate') }}
where position = 1
