-- Every department that owes a report stands in exactly one of the states that the counts name.
select *
from {{ ref('filing_division') }}
where received != accepted + returned
    or (due is not null and due != received + overdue + expected + withdrawn)
    or mending_late > returned
    or on_time > on_time_of
    or on_time_of > due
