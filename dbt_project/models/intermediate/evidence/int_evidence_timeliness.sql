-- By how many days a report first came after the day it was due; where no register names a day, nothing can be said.
select
    submission_version_id,
    greatest(date_diff('day', due_on, {{ local_day('first_received_at') }}), 0)::decimal(18, 12) as measure
from {{ ref('int_department_year') }}
where is_accepted and due_on is not null
