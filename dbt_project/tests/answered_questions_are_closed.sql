-- A question with an answer is not asked again, and its claims carry the indicator that the answer names.
select item.review_item_id
from {{ ref('review_item') }} as item
inner join {{ ref('int_review_answer') }} as answer on item.review_item_id = answer.review_item_id
union all
select name.claim_id
from {{ ref('int_claim_name') }} as name
inner join {{ ref('int_review_answer') }} as answer
    on name.question = answer.question
    and name.surface = answer.surface
    and name.unit_family = answer.unit_family
where name.resolved_by is null and answer.indicator_key is not null
