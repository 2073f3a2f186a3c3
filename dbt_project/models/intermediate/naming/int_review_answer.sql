-- The latest answer to each question; a question that was opened again has none.
with latest as (
    select *
    from {{ ref('stg_review_answer') }}
    qualify row_number() over (
        partition by review_item_id order by recorded_at desc, answered_at desc, answer_id desc
    ) = 1
)

select
    review_item_id, question, surface, unit_family, answer_kind,
    case when answer_kind in ('indicator', 'new_indicator') then answer end as indicator_key,
    case when answer_kind = 'role' then answer end as role,
    answered_by, answered_at
from latest
where answer_kind != 'reopened'
