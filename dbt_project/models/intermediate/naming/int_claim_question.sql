-- What is still to be asked about a claim: which indicator it is about, what its role is, or which reader is right.
select
    {{ review_item_id('question', 'surface', 'unit_family') }} as review_item_id,
    claim_id, question, surface, unit_family
from {{ ref('int_claim_name') }}
where is_open

union all

select
    {{ review_item_id("'role'", asked_words('claim'), 'claim.unit_family') }} as review_item_id,
    claim.claim_id,
    'role' as question,
    {{ asked_words('claim') }} as surface,
    claim.unit_family
from {{ ref('int_claim') }} as claim
where claim.role = 'unknown' and claim.sentence is not null

union all

select review_item_id, claim_id, 'second_reader' as question, surface, unit_family
from {{ ref('int_vote_question') }}
where is_open
