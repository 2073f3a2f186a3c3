-- The departments that a division's score is the mean of: those due, or all that handed in a report where no register
-- says who is.
select *
from {{ ref('int_department_score') }}
where is_due or not has_register
