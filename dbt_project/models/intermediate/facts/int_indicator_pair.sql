{{ config(materialized='view') }}

-- One pair of target and actual for each indicator of a version: the policy's first.
select submission_version_id, indicator_key, measure, target_claim_id, actual_claim_id, is_whole_year
from {{ ref('int_indicator_measure') }}
where position = 1
