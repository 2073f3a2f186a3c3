-- Self scores of a cohort's year at the lower bound of a grade or just above it, against those just below it. Of the
-- lowest grade nothing lies below.
select
    member.method_id, member.province_key, member.fiscal_year, member.cohort_kind, member.cohort_key,
    count(distinct member.department_key) filter (where member.self_score >= grade.lower) as just_above,
    count(distinct member.department_key) filter (where member.self_score < grade.lower) as just_below
from {{ ref('int_cohort_member') }} as member
inner join {{ ref('int_grade_in_force') }} as grade
    on member.province_key = grade.province_key
    and member.fiscal_year = grade.fiscal_year
    and grade.lower > 0
    and member.self_score >= grade.lower - {{ inflation_bound('threshold.window') }}
    and member.self_score < grade.lower + {{ inflation_bound('threshold.window') }}
group by member.method_id, member.province_key, member.fiscal_year, member.cohort_kind, member.cohort_key
