-- Who takes part in each ranking: by the level of the score, and by its improvement on the year before.
select
    method_id, province_key, fiscal_year, 'level' as measure, 'division' as unit, scope, scope_key,
    division_key as unit_key, null::varchar as key_before
from {{ ref('int_division_scope') }}
where is_ranked
union all
select
    method_id, province_key, fiscal_year, 'level' as measure, 'department' as unit, 'function' as scope,
    "function" as scope_key, department_key as unit_key, null::varchar as key_before
from {{ ref('int_department_function') }}
where is_ranked
union all
select
    method_id, province_key, fiscal_year, 'improvement' as measure, unit, scope, scope_key, unit_key, key_before
from {{ ref('int_year_before') }}
where improvement is not null
