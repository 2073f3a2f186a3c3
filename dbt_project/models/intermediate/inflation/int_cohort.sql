-- Each cohort's year under a method: how many departments, their two scores and the gap. Means are over departments
-- that have both scores, so that their difference is the mean gap; with too few of them, nothing is said.
with counted as (
    select
        method_id, province_key, fiscal_year, cohort_kind, cohort_key,
        -- Divisions are compared within their league, as in the rankings; the others within the province.
        case when cohort_kind = 'division' then max(league) end as league,
        count(*) as departments,
        count(self_score) as with_self_score,
        count(evidence_score) as with_evidence,
        count(gap) as with_both,
        {{ exact_mean('case when gap is not null then self_score end') }} as mean_self_score,
        {{ exact_mean('case when gap is not null then evidence_score end') }} as mean_evidence_score,
        {{ exact_mean('gap') }} as mean_gap,
        {{ exact_median('gap') }} as median_gap,
        count(*) filter (where gap > {{ inflation_bound('gap.notable') }}) as above_evidence,
        count(*) filter (where gap < -{{ inflation_bound('gap.notable') }}) as below_evidence,
        count(*) filter (where gap is not null and is_claimed_top) as claims_top,
        count(*) filter (where gap is not null and is_evidence_top) as evidence_top,
        {{ quartile('self_score', 1) }} as lower_quartile,
        {{ quartile('self_score', 3) }} as upper_quartile
    from {{ ref('int_cohort_member') }}
    group by method_id, province_key, fiscal_year, cohort_kind, cohort_key
)

select
    *,
    with_both >= {{ inflation_bound('cohort.least') }} as is_compared,
    with_self_score >= {{ inflation_bound('clumping.least') }} as is_clumping_described
from counted
