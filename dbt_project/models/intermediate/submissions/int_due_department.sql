-- The register's latest word on each report that is owed.
select division_key, department_key, department_name, functions, fiscal_year, due_on, recorded_at
from {{ ref('stg_due_submission') }}
qualify row_number() over (
    partition by division_key, department_key, fiscal_year order by recorded_at desc, batch_id desc, due_on desc, source
) = 1
