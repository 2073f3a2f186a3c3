-- An outcome is rated only where target and actual are in one base unit and the actual covers the whole year.
select outcome.*
from {{ ref('fct_indicator_outcome') }} as outcome
inner join {{ ref('dim_submission') }} as submission
    on outcome.submission_version_id = submission.submission_version_id
left join {{ ref('fct_claim') }} as target on outcome.target_claim_id = target.claim_id
left join {{ ref('fct_claim') }} as actual on outcome.actual_claim_id = actual.claim_id
where outcome.is_assessable != (outcome.completion_rate is not null)
    or outcome.is_assessable != (outcome.not_assessable_reason is null)
    or (
        outcome.is_assessable
        and (
            target.unit_base is distinct from actual.unit_base
            or target.unit_base is null
            or outcome.period_start > make_date(submission.fiscal_year::bigint, 1, 1)
            or outcome.period_end < make_date(submission.fiscal_year::bigint, 12, 31)
        )
    )
