-- The product's own indicators, and those that people have added by an answer of the review queue.
with added as (
    select answer as indicator_key, name, name_en, category, indicator_unit_family as unit_family, direction
    from {{ ref('stg_review_answer') }}
    where answer_kind = 'new_indicator'
    qualify row_number() over (partition by answer order by recorded_at desc, answered_at desc, answer_id desc) = 1
)

select indicator_key, name, name_en, category, unit_family, direction
from {{ ref('indicators') }}
union all
select added.indicator_key, added.name, added.name_en, added.category, added.unit_family, added.direction
from added
where added.indicator_key not in (select indicator_key from {{ ref('indicators') }})
order by indicator_key
