-- Versions of the previous edition. The one that counted for a department's year was the current version of a
-- submission that was not withdrawn.
with previous as (
    {{ previous_rows('dim_submission', movement_sources()) }}
)

select
    submission_version_id, department_key as named_key, fiscal_year, status, reader_version,
    is_current and status != 'withdrawn' and row_number() over (
        partition by department_key, fiscal_year order by is_current desc, received_at desc, submission_version_id
    ) = 1 as is_counted
from previous
