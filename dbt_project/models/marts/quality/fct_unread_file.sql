select
    arrival_id, source_name, channel, received_at, reason_code, division_key, department_key,
    fiscal_year::integer as fiscal_year
from {{ ref('int_unread_file') }}
order by arrival_id
