select
    division_key, department_key, department_name, functions, fiscal_year::integer as fiscal_year, due_on, source,
    batch_id, recorded_at
from {{ as_known('due_submission') }}
