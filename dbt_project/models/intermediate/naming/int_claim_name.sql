-- Which indicator a claim is about: by the alias table, inside the unit family; else as the reader said, if it is one;
-- else as a person answered; what a person said of a second reader's doubt comes before all. A rate takes the indicator
-- of the figure it hangs on, if both go by the same name.
--
-- A condition on the claim alone is part of the key (null, where it does not hold): beside the key it would cost a
-- comparison of every claim with every row of the other side.
with claims as (
    select
        claim.claim_id, claim.role, trim(claim.surface) as surface, claim.unit_family, claim.host_claim_id,
        case claim.kind when 'indicator' then 'indicator' else 'rate_of' end as question,
        coalesce(vote.indicator_key, alias.indicator_key, known.indicator_key) as indicator_key,
        case
            when vote.indicator_key is not null then 'answer'
            when alias.indicator_key is not null then 'alias'
            else 'reader'
        end as resolved_by
    from {{ ref('int_claim') }} as claim
    left join {{ ref('int_vote_question') }} as vote on claim.claim_id = vote.claim_id
    left join {{ ref('indicator_aliases') }} as alias
        on if(claim.kind = 'indicator', claim.surface, null) = alias.surface
        and claim.unit_family = alias.unit_family
    left join {{ ref('indicators') }} as known on claim.subject = known.indicator_key
    where claim.kind in ('indicator', 'completion_rate', 'growth')
),

asked as (
    select
        claims.claim_id, claims.role, claims.surface,
        coalesce(claims.indicator_key, host.indicator_key) as indicator_key,
        case
            when claims.indicator_key is not null then claims.resolved_by
            when host.indicator_key is not null then host.resolved_by
        end as resolved_by,
        coalesce(host.question, claims.question) as question,
        coalesce(host.unit_family, claims.unit_family) as unit_family
    from claims
    left join claims as host
        on if(claims.question = 'rate_of', claims.host_claim_id, null) = host.claim_id
        and claims.surface = host.surface
        and host.question = 'indicator'
),

-- What people said of a name whatever its unit, where they agree: enough for a rate that hangs on no figure.
agreed as (
    select surface, min(indicator_key) as indicator_key
    from {{ ref('int_review_answer') }}
    where question = 'indicator'
    group by surface
    having count(distinct indicator_key) <= 1
),

resolved as (
    select
        asked.*,
        answer.review_item_id is not null as is_answered,
        agreed.surface is not null and answer.review_item_id is null as is_agreed,
        case when answer.review_item_id is not null then answer.indicator_key else agreed.indicator_key end as answered
    from asked
    left join {{ ref('int_review_answer') }} as answer
        on asked.question = answer.question
        and asked.surface = answer.surface
        and asked.unit_family = answer.unit_family
    left join agreed on if(asked.question = 'rate_of', asked.surface, null) = agreed.surface
)

select
    claim_id, question, surface, unit_family,
    coalesce(indicator_key, answered) as indicator_key,
    case when indicator_key is not null then resolved_by when answered is not null then 'answer' end as resolved_by,
    (
        indicator_key is null and not is_answered and not is_agreed
        and length(surface) >= 2 and role is distinct from 'context'
    ) as is_open
from resolved
