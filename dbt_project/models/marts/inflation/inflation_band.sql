-- The shape of both scores: departments by whole points, 100 in a band of its own. Where a grade begins a band stands
-- even if nobody is in it; below the lowest grade there is nothing.
with scored as (
    select
        method_id, province_key, fiscal_year, cohort_kind, cohort_key, floor(self_score)::integer as band,
        1 as by_self_score, 0 as by_evidence
    from {{ ref('int_cohort_member') }}
    where self_score is not null
    union all
    select
        method_id, province_key, fiscal_year, cohort_kind, cohort_key, floor(evidence_score)::integer as band,
        0 as by_self_score, 1 as by_evidence
    from {{ ref('int_cohort_member') }}
    where evidence_score is not null
    union all
    select
        member.method_id, member.province_key, member.fiscal_year, member.cohort_kind, member.cohort_key,
        floor(grade.lower)::integer as band, 0 as by_self_score, 0 as by_evidence
    from {{ ref('int_cohort_member') }} as member
    inner join {{ ref('int_grade_in_force') }} as grade
        on member.province_key = grade.province_key and member.fiscal_year = grade.fiscal_year
    where member.gap is not null and grade.lower > 0
)

select
    scored.method_id, scored.province_key, scored.fiscal_year, scored.cohort_kind, scored.cohort_key, scored.band,
    max(grade.grade) as grade_from,
    sum(scored.by_self_score)::integer as by_self_score,
    sum(scored.by_evidence)::integer as by_evidence
from scored
left join {{ ref('int_grade_in_force') }} as grade
    on scored.province_key = grade.province_key
    and scored.fiscal_year = grade.fiscal_year
    and floor(grade.lower)::integer = scored.band
group by
    scored.method_id, scored.province_key, scored.fiscal_year, scored.cohort_kind, scored.cohort_key, scored.band
order by
    scored.method_id, scored.province_key, scored.fiscal_year, scored.cohort_kind, scored.cohort_key, scored.band
