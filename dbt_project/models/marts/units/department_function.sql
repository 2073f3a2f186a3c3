-- A row for each function of a department; one without a function counts under `other`, as in the rankings.
with functions_of as (
    select
        department_key, division_key, name,
        unnest(case when len(functions) = 0 then ['other'] else functions end) as function_key
    from {{ ref('dim_department') }}
)

select
    functions_of.department_key, functions_of.function_key, functions.name_zh as function_name_zh,
    functions.name_en as function_name_en, functions_of.name as department_name, functions_of.division_key
from functions_of
left join {{ ref('functions') }} as functions on functions_of.function_key = functions.function_key
order by functions_of.department_key, functions_of.function_key
