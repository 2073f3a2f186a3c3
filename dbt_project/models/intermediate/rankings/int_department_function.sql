-- A department competes under each of its functions (职能), whatever its bureau is called.
select
    score.*,
    unnest(case when len(department.functions) = 0 then ['other'] else department.functions end) as "function"
from {{ ref('int_department_score') }} as score
inner join {{ ref('dim_department') }} as department on score.department_key = department.department_key
