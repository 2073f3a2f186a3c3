-- What the main measures are made of, department by department: every rate is a sum over a sum, whatever they are
-- grouped by. As in the rankings, figures count when they are verified and their report is accepted.
with execution as (
    select submission_version_id, amount_yuan, adjusted_budget_yuan
    from {{ ref('fct_expenditure') }}
    where category = 'total' and verification = 'verified' and execution_rate is not null
),

outcomes as (
    select
        submission_version_id,
        sum(least(greatest(completion_rate, 0), 1)::decimal(18, 8)) as completion_sum,
        count(*) as outcomes
    from {{ ref('fct_indicator_outcome') }}
    where is_assessable and verification = 'verified'
    group by submission_version_id
),

filings as (
    select
        *,
        is_due or not has_register as is_counted,
        state in ('accepted', 'accepted_with_findings') as is_accepted
    from {{ ref('filing_overview') }}
)

select
    filing.division_key, filing.department_key, filing.fiscal_year,
    make_date(filing.fiscal_year::bigint, 12, 31) as year_end_on,
    filing.province_key, division.league,
    execution.amount_yuan as spent_yuan,
    execution.adjusted_budget_yuan,
    outcomes.completion_sum::decimal(18, 8) as completion_sum,
    coalesce(outcomes.outcomes, 0)::integer as outcomes,
    coalesce(verified.core_claims, 0)::integer as core_claims,
    coalesce(verified.verified_claims, 0)::integer as verified_claims,
    (filing.is_counted and (filing.is_accepted or filing.state = 'returned'))::integer as received,
    (filing.is_counted and filing.is_accepted)::integer as accepted,
    (filing.is_due and filing.state not in ('overdue', 'expected', 'withdrawn') and filing.days_late = 0)::integer
        as on_time,
    (filing.is_due and filing.state not in ('expected', 'withdrawn'))::integer as on_time_of
from filings as filing
left join {{ ref('int_division_year') }} as division
    on filing.division_key = division.division_key and filing.fiscal_year = division.fiscal_year
left join execution on filing.submission_version_id = execution.submission_version_id and filing.is_accepted
left join outcomes on filing.submission_version_id = outcomes.submission_version_id and filing.is_accepted
left join {{ ref('int_evidence_verified') }} as verified
    on filing.submission_version_id = verified.submission_version_id and filing.is_accepted
order by filing.division_key, filing.department_key, filing.fiscal_year
