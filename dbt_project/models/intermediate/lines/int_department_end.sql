-- The end of each department that has ended, with what carries its line on; of contradicting changes the first.
select old_department_key as department_key, new_department_key as succeeded_by, changed_on, kind
from {{ ref('int_department_change') }}
where is_end and is_in_force
qualify row_number() over (partition by old_department_key order by changed_on, new_department_key) = 1
