-- Who has filed and who owes what, as of the night's day.
with findings as (
    select
        submission_version_id,
        count(*) filter (where severity = 'P0') as p0_open,
        count(*) filter (where severity = 'P1') as p1_open,
        count(*) filter (where severity = 'P2') as p2_open
    from {{ ref('fct_finding') }}
    where is_open
    group by submission_version_id
),

versions as (
    select
        division_key, department_key, fiscal_year, count(*) as versions, max(received_at) as last_received_at
    from {{ ref('dim_submission') }}
    group by division_key, department_key, fiscal_year
),

days as (
    select
        year.*,
        submission.status,
        {{ local_day('year.first_received_at') }} as first_received_on,
        {{ local_day('versions.last_received_at') }} as last_received_on,
        coalesce(versions.versions, 0) as versions
    from {{ ref('int_department_year') }} as year
    left join {{ ref('dim_submission') }} as submission
        on year.submission_version_id = submission.submission_version_id
    left join versions
        on year.division_key = versions.division_key
        and year.department_key = versions.department_key
        and year.fiscal_year = versions.fiscal_year
),

named as (
    select department_key, max_by(name, valid_from) as name from {{ ref('dim_department') }} group by department_key
)

select
    days.division_key, days.department_key, days.fiscal_year, named.name as department_name, days.province_key,
    days.is_due, days.due_on,
    case
        when days.is_received and days.status != 'withdrawn' then days.status
        when days.due_on < {{ as_of_day() }} then 'overdue'
        when days.is_received then 'withdrawn'
        else 'expected'
    end as state,
    days.first_received_on, days.last_received_on, days.versions::integer as versions,
    greatest(
        date_diff('day', days.due_on, coalesce(days.first_received_on, {{ as_of_day() }})), 0
    )::integer as days_late,
    coalesce(findings.p0_open, 0)::integer as p0_open,
    coalesce(findings.p1_open, 0)::integer as p1_open,
    coalesce(findings.p2_open, 0)::integer as p2_open,
    days.submission_version_id
from days
left join named on days.department_key = named.department_key
left join findings on days.submission_version_id = findings.submission_version_id
order by days.division_key, days.department_key, days.fiscal_year
