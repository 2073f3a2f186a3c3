-- Every department that owes a report, or handed one in, has a row under each of its functions and every method:
-- ranked, or unranked with a reason. None drops out in silence.
with expected as (
    select
        method.method_id, department.fiscal_year, department.department_key,
        greatest(len(dim.functions), 1) as number_of_rows
    from {{ ref('int_department_year') }} as department
    cross join {{ ref('int_ranking_method') }} as method
    left join {{ ref('dim_department') }} as dim on department.department_key = dim.department_key
),

found as (
    select method_id, fiscal_year, department_key, count(*) as number_of_rows
    from {{ ref('rank_department') }}
    group by method_id, fiscal_year, department_key
)

select expected.*, found.number_of_rows as found_rows
from expected
left join found using (method_id, fiscal_year, department_key)
where found.number_of_rows is distinct from expected.number_of_rows
