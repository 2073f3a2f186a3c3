-- Where the second reader differs about a figure's role or subject: the question that a person is asked. It is known by
-- the figure's sentence and by what the vote was, so that an answer holds for these words only.
with differing as (
    select
        vote.claim_id,
        coalesce(family.unit_family, claim.unit_base, '') as unit_family,
        concat(
            replace(claim.sentence, claim.quote, concat('【', claim.quote, '】')),
            '〔', concat_ws(' ', vote.voted_role, vote.voted_subject), '〕'
        ) as surface
    from {{ latest_reading('stg_vote', 'claim_id') }} as vote
    inner join {{ latest_reading('stg_claim', 'claim_id') }} as claim on vote.claim_id = claim.claim_id
    left join {{ ref('unit_families') }} as family on claim.unit_base = family.unit_base
    where vote.outcome = 'disagree'
)

select
    differing.claim_id,
    {{ review_item_id("'second_reader'", 'differing.surface', 'differing.unit_family') }} as review_item_id,
    differing.surface, differing.unit_family, answer.role, answer.indicator_key,
    answer.review_item_id is null as is_open
from differing
left join {{ ref('int_review_answer') }} as answer
    on answer.question = 'second_reader'
    and differing.surface = answer.surface
    and differing.unit_family = answer.unit_family
