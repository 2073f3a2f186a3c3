{{ config(materialized='view') }}

-- One self score and one self grade for each version: the policy's first.
select submission_version_id, kind, claim_id, score, grade
from {{ ref('int_self_candidate') }}
where position = 1
