-- How many of a version's core claims are verified.
select
    submission_version_id,
    count(*) as core_claims,
    count(*) filter (where verification = 'verified') as verified_claims
from {{ ref('int_core_claim') }}
group by submission_version_id
