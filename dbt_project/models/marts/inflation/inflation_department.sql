-- The score that a department gives itself beside the one that its verified figures show; as in the rankings, of
-- accepted reports only.
with filed as (
    select
        method.method_id, year.province_key, year.division_key, year.department_key, year.fiscal_year, year.league,
        division.region_group,
        year.is_due or not year.has_register as is_counted,
        year.is_received,
        year.is_accepted,
        case when year.is_accepted then year.submission_version_id end as submission_version_id
    from {{ ref('int_department_year') }} as year
    cross join {{ ref('int_ranking_method') }} as method
    left join {{ ref('int_division_year') }} as division
        on year.division_key = division.division_key and year.fiscal_year = division.fiscal_year
),

measured as (
    select
        filed.*, self.self_grade, self.score_claim_id, self.grade_claim_id,
        case when self.self_score between 0 and 100 then self.self_score end as self_score,
        shown.evidence_score, shown.execution_rate, shown.completion_rate,
        case
            when not filed.is_received then 'not_submitted'
            when not filed.is_accepted then 'returned'
            when self.self_score is null then 'no_self_score'
            when self.self_score not between 0 and 100 then 'score_out_of_range'
            when shown.evidence_score is null then 'nothing_assessable'
        end as no_gap_reason
    from filed
    left join {{ ref('fct_self_evaluation') }} as self on filed.submission_version_id = self.submission_version_id
    left join {{ ref('int_shown_score') }} as shown
        on filed.submission_version_id = shown.submission_version_id and filed.method_id = shown.method_id
),

-- A score falls in one grade: from its lower bound to below its upper one, and the full score in the top grade.
graded as (
    select
        measured.*,
        coalesce(measured.self_grade, of_score.grade) as claimed_grade,
        of_evidence.grade as evidence_grade,
        of_evidence.is_top as is_evidence_top
    from measured
    left join {{ ref('int_grade_in_force') }} as of_score
        on measured.province_key = of_score.province_key
        and measured.fiscal_year = of_score.fiscal_year
        and measured.self_score >= of_score.lower
        and (measured.self_score < of_score.upper or of_score.is_top)
    left join {{ ref('int_grade_in_force') }} as of_evidence
        on measured.province_key = of_evidence.province_key
        and measured.fiscal_year = of_evidence.fiscal_year
        and measured.evidence_score >= of_evidence.lower
        and (measured.evidence_score < of_evidence.upper or of_evidence.is_top)
),

divisions as (
    select division_key, max_by(name, valid_from) as name from {{ ref('dim_division') }} group by division_key
)

select
    graded.method_id, graded.province_key, graded.fiscal_year, graded.division_key, divisions.name as division_name,
    graded.department_key, departments.name as department_name, graded.league, graded.region_group, graded.is_counted,
    graded.submission_version_id, graded.self_score, graded.execution_rate, graded.completion_rate,
    graded.evidence_score,
    (graded.self_score - graded.evidence_score)::decimal(18, 8) as gap,
    graded.no_gap_reason,
    graded.self_grade, graded.claimed_grade, graded.evidence_grade,
    case when graded.claimed_grade is not null then coalesce(claimed.is_top, false) end as is_claimed_top,
    graded.is_evidence_top,
    graded.score_claim_id, graded.grade_claim_id,
    coalesce(claims.claim_ids, []::varchar[]) as evidence_claim_ids
from graded
left join {{ ref('int_grade_in_force') }} as claimed
    on graded.province_key = claimed.province_key
    and graded.fiscal_year = claimed.fiscal_year
    and graded.claimed_grade = claimed.grade
left join {{ ref('int_shown_claim') }} as claims on graded.submission_version_id = claims.submission_version_id
left join divisions on graded.division_key = divisions.division_key
left join {{ ref('dim_department') }} as departments on graded.department_key = departments.department_key
order by graded.method_id, graded.fiscal_year, graded.division_key, graded.department_key
