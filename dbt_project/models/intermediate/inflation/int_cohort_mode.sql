-- How the self scores of a cohort's year lie together: the one that most give (the higher of equals), and the chance
-- that two of them taken at random, the same one allowed twice, are equal (Herfindahl's sum of squared shares).
with counted as (
    select method_id, province_key, fiscal_year, cohort_kind, cohort_key, self_score, count(*) as departments
    from {{ ref('int_cohort_member') }}
    where self_score is not null
    group by method_id, province_key, fiscal_year, cohort_kind, cohort_key, self_score
)

select
    method_id, province_key, fiscal_year, cohort_kind, cohort_key,
    arg_max(self_score, row(departments, self_score)) as most_frequent_score,
    max(departments) as most_frequent,
    {{ share('sum(departments * departments)', '(sum(departments) * sum(departments))') }} as concentration
from counted
group by method_id, province_key, fiscal_year, cohort_kind, cohort_key
