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

-- How many days a place gives to mend a returned report: its own word before the general one, the newest first.
mending as (
    select places.province_key, places.fiscal_year, parameter.value::integer as days_to_mend
    from (select distinct province_key, fiscal_year from {{ ref('int_department_year') }}) as places
    inner join {{ ref('rule_parameters') }} as parameter
        on parameter.parameter = 'returned.days'
        and parameter.valid_from_year <= places.fiscal_year
        and coalesce(parameter.province_key, '') in ('', places.province_key)
    qualify row_number() over (
        partition by places.province_key, places.fiscal_year
        order by coalesce(parameter.province_key, '') != '' desc, parameter.valid_from_year desc
    ) = 1
),

-- A report that a newer reading has returned, on a person's word: its days to mend it count from that reading.
returned_again as (
    select
        act.submission_version_id, max({{ local_day('reading.recorded_at') }}) as returned_on
    from {{ ref('int_act') }} as act
    inner join {{ ref('int_submission_version') }} as reading
        on act.submission_version_id = reading.submission_version_id
    where act.kind = 'return' and act.done_at <= reading.recorded_at
    group by act.submission_version_id
),

named as (
    select department_key, max_by(name, valid_from) as name from {{ ref('dim_department') }} group by department_key
),

days as (
    select
        year.*,
        named.name as department_name,
        submission.status,
        {{ local_day('year.first_received_at') }} as first_received_on,
        {{ local_day('versions.last_received_at') }} as last_received_on,
        coalesce(versions.versions, 0) as versions,
        case
            when submission.status = 'returned'
                then greatest({{ local_day('versions.last_received_at') }}, returned_again.returned_on)
                    + mending.days_to_mend
        end::date as mend_by,
        case
            when year.is_received then submission.status
            when year.due_on < {{ as_of_day() }} then 'overdue'
            when submission.status is not null then 'withdrawn'
            else 'expected'
        end as state
    from {{ ref('int_department_year') }} as year
    left join {{ ref('dim_submission') }} as submission
        on year.submission_version_id = submission.submission_version_id
    left join versions
        on year.division_key = versions.division_key
        and year.department_key = versions.department_key
        and year.fiscal_year = versions.fiscal_year
    left join mending
        on year.province_key is not distinct from mending.province_key and year.fiscal_year = mending.fiscal_year
    left join named on year.department_key = named.department_key
    left join returned_again on year.submission_version_id = returned_again.submission_version_id
)

select
    days.division_key, days.department_key, days.fiscal_year, days.department_name, days.province_key,
    days.is_due, days.has_register, days.due_on, days.state, days.first_received_on, days.last_received_on,
    days.mend_by,
    case
        when days.mend_by is not null then greatest(date_diff('day', days.mend_by, {{ as_of_day() }}), 0)
    end::integer as mend_days_late,
    days.versions::integer as versions,
    case
        when days.due_on is not null
            then greatest(
                date_diff('day', days.due_on, if(days.is_received, days.first_received_on, {{ as_of_day() }})), 0
            )
    end::integer as days_late,
    coalesce(findings.p0_open, 0)::integer as p0_open,
    coalesce(findings.p1_open, 0)::integer as p1_open,
    coalesce(findings.p2_open, 0)::integer as p2_open,
    days.submission_version_id
from days
left join findings on days.submission_version_id = findings.submission_version_id
order by days.division_key, days.department_key, days.fiscal_year
