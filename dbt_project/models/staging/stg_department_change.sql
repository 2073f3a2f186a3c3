select
    division_key, old_name, old_department_key, old_department_name, new_division_key, new_name, new_department_key,
    new_department_name, changed_on, kind, is_principal, source, batch_id, recorded_at
from {{ as_known('department_change') }}
