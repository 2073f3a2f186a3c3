-- What the rules can say of each department's year: its report was checked, withdrawn, came but could not be read, or
-- never came. A file that could not be read matters only where nothing that counts came.
with unread as (
    select department_key, fiscal_year, max(received_at) as received_at, count(*) as files
    from {{ ref('int_unread_file') }}
    where department_key is not null
    group by department_key, fiscal_year
)

select
    year.province_key, year.division_key, year.department_key, year.fiscal_year, year.submission_version_id,
    version.batch_id,
    {{ local_day('version.received_at') }} as received_on,
    case
        when year.is_received then 'CHECKED'
        when coalesce(unread.received_at > version.received_at, unread.received_at is not null) then 'EXTRACT_FAILED'
        when year.submission_version_id is not null then 'WITHDRAWN'
        else 'NOT_SUBMITTED'
    end as standing
from {{ ref('int_department_year') }} as year
left join {{ ref('int_submission_version') }} as version on year.submission_version_id = version.submission_version_id
left join unread on year.department_key = unread.department_key and year.fiscal_year = unread.fiscal_year
