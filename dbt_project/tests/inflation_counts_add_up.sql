-- Counts of a cohort are parts of each other, its bands hold all its scores, and too few departments tell nothing.
with bands as (
    select
        method_id, province_key, fiscal_year, cohort_kind, cohort_key,
        sum(by_self_score) as by_self_score, sum(by_evidence) as by_evidence
    from {{ ref('inflation_band') }}
    group by method_id, province_key, fiscal_year, cohort_kind, cohort_key
)

select cohort.*
from {{ ref('inflation_cohort') }} as cohort
left join bands
    on cohort.method_id = bands.method_id
    and cohort.province_key is not distinct from bands.province_key
    and cohort.fiscal_year = bands.fiscal_year
    and cohort.cohort_kind = bands.cohort_kind
    and cohort.cohort_key = bands.cohort_key
where cohort.with_both > least(cohort.with_self_score, cohort.with_evidence)
    or greatest(cohort.with_self_score, cohort.with_evidence) > cohort.departments
    or cohort.above_evidence + cohort.below_evidence > cohort.with_both
    or greatest(cohort.claims_top, cohort.evidence_top) > cohort.with_both
    or coalesce(bands.by_self_score, 0) != cohort.with_self_score
    or coalesce(bands.by_evidence, 0) != cohort.with_evidence
    or abs(cohort.mean_self_score - cohort.mean_evidence_score - cohort.mean_gap) > 0.00000002
    or (cohort.mean_gap is null) != (cohort.with_both < {{ inflation_bound('cohort.least') }})
    or (cohort.concentration is null) != (cohort.with_self_score < {{ inflation_bound('clumping.least') }})
