{{ config(materialized='view') }}

-- The claims of the latest readings. A role that the reader did not know, or that a second reader doubted, is the one
-- that a person gave; only that role: what the reader took for a forecast or a part of another figure stays one.
with latest as (
    select
        claim.*,
        coalesce(family.unit_family, claim.unit_base, '') as unit_family
    from {{ latest_reading('stg_claim', 'claim_id') }} as claim
    left join {{ ref('unit_families') }} as family on claim.unit_base = family.unit_base
)

select
    latest.* replace (
        -- A figure that the reader could not place is an indicator's once a person calls it a target or an actual.
        case
            when latest.kind = 'figure' and answer.role in ('target', 'actual') then 'indicator' else latest.kind
        end as kind,
        coalesce(vote.role, answer.role, latest.role) as role
    )
from latest
left join {{ ref('int_vote_question') }} as vote on latest.claim_id = vote.claim_id
left join {{ ref('int_review_answer') }} as answer
    -- The role is part of the key: as a condition of its own it would cost a comparison of all claims with all answers.
    on if(latest.role = 'unknown', {{ asked_words('latest') }}, null) = answer.surface
    and answer.question = 'role'
    and answer.unit_family = latest.unit_family
