-- The departments that a division's score is the mean of: those due, or those received where no register says who is.
select *
from {{ ref('int_department_score') }}
where case when has_register then is_due else is_received end
