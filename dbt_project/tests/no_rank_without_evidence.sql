-- A ranked department has a current, accepted report with a verified execution rate or a verified, assessable outcome.
with evidence as (
    select submission_version_id
    from {{ ref('fct_expenditure') }}
    where category = 'total' and verification = 'verified' and adjusted_budget_yuan > 0
    union
    select submission_version_id
    from {{ ref('fct_indicator_outcome') }}
    where is_assessable and verification = 'verified'
)

select ranked.*
from {{ ref('rank_department') }} as ranked
where ranked.is_ranked
    and not exists (
        select 1
        from {{ ref('dim_submission') }} as submission
        inner join evidence on submission.submission_version_id = evidence.submission_version_id
        where submission.department_key = ranked.department_key
            and submission.fiscal_year = ranked.fiscal_year
            and submission.is_current
            and submission.status in ('accepted', 'accepted_with_findings')
    )
