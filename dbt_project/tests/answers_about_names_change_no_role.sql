-- What the reader took for a target, an actual, a forecast or a part stays that; only "unknown", or a role that a
-- second reader doubted, takes a person's.
select claim.claim_id, claim.role, latest.role as role_as_read
from {{ ref('fct_claim') }} as claim
inner join {{ latest_reading('stg_claim', 'claim_id') }} as latest on claim.claim_id = latest.claim_id
left join {{ ref('int_vote_question') }} as vote on claim.claim_id = vote.claim_id
where
    claim.role is distinct from latest.role and latest.role is distinct from 'unknown'
    and claim.role is distinct from vote.role
