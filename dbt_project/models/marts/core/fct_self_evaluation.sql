-- The score a department gives itself, the one its own score form adds up to, and a reviewer's stay apart.
with items as (
    select submission_version_id, try_cast(sum(value) as decimal(6, 2)) as recomputed_score
    from {{ ref('fct_claim') }}
    where kind = 'score' and role = 'item' and value is not null
    group by submission_version_id
),

-- The reviewer's own entry before a score that stands in the form handed in.
reviewed as (
    select submission_version_id, score::decimal(6, 2) as score
    from {{ ref('int_act') }}
    where kind = 'reviewed_score'
    qualify row_number() over (partition by submission_version_id order by done_at desc, act_id) = 1
),

form as (
    select submission_version_id, try_cast(max_by(value, claim_number) as decimal(6, 2)) as score
    from {{ ref('fct_claim') }}
    where kind = 'score' and role = 'reviewed' and value is not null
    group by submission_version_id
)

select
    submission.submission_version_id,
    score.score as self_score,
    grade.grade as self_grade,
    items.recomputed_score,
    coalesce(reviewed.score, form.score) as reviewed_score,
    score.claim_id as score_claim_id,
    grade.claim_id as grade_claim_id
from {{ ref('dim_submission') }} as submission
left join {{ ref('int_self_statement') }} as score
    on submission.submission_version_id = score.submission_version_id and score.kind = 'score'
left join {{ ref('int_self_statement') }} as grade
    on submission.submission_version_id = grade.submission_version_id and grade.kind = 'grade'
left join reviewed on submission.submission_version_id = reviewed.submission_version_id
left join form on submission.submission_version_id = form.submission_version_id
left join items on submission.submission_version_id = items.submission_version_id
order by submission.submission_version_id
