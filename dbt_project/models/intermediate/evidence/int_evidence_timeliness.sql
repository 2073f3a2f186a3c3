-- Whether a report first came in by the day it was due; where no register names a day, nothing can be said.
select
    submission_version_id,
    case
        when {{ local_day('first_received_at') }} <= due_on then 1 else 0
    end::decimal(18, 16) as value
from {{ ref('int_department_year') }}
where is_accepted and due_on is not null
