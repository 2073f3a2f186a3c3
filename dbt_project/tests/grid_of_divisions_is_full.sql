-- Every division with a report due, or with one received where no register says what is due, has a row.
select distinct method.method_id, department.division_key, department.fiscal_year
from {{ ref('int_department_year') }} as department
cross join {{ ref('int_ranking_method') }} as method
left join {{ ref('rank_division') }} as ranked
    on method.method_id = ranked.method_id
    and department.division_key = ranked.division_key
    and department.fiscal_year = ranked.fiscal_year
where ranked.division_key is null
