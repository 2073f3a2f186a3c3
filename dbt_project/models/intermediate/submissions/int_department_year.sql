-- Every department that owes a report or handed one in, once a fiscal year, with what came of it. What was withdrawn
-- has not been received.
with due as (
    select division_key, department_key, fiscal_year, due_on from {{ ref('int_due_department') }}
),

registered as (
    select distinct division_key, fiscal_year from due
),

received as (
    select
        division_key, department_key, fiscal_year, submission_version_id, status,
        min(received_at) over (partition by division_key, department_key, fiscal_year) as first_received_at,
        row_number() over (
            partition by division_key, department_key, fiscal_year
            order by is_current desc, received_at desc, submission_version_id
        ) as position
    from {{ ref('dim_submission') }}
),

joined as (
    select
        coalesce(due.division_key, received.division_key) as division_key,
        coalesce(due.department_key, received.department_key) as department_key,
        coalesce(due.fiscal_year, received.fiscal_year) as fiscal_year,
        due.department_key is not null as is_due,
        due.due_on,
        coalesce(received.status != 'withdrawn', false) as is_received,
        coalesce(received.status in ('accepted', 'accepted_with_findings'), false) as is_accepted,
        received.submission_version_id,
        received.first_received_at
    from due
    full outer join (select * from received where position = 1) as received
        on due.division_key = received.division_key
        and due.department_key = received.department_key
        and due.fiscal_year = received.fiscal_year
)

select
    division.province_key,
    division.league,
    joined.*,
    registered.division_key is not null as has_register
from joined
left join registered
    on joined.division_key = registered.division_key and joined.fiscal_year = registered.fiscal_year
left join {{ ref('int_division_year') }} as division
    on joined.division_key = division.division_key and joined.fiscal_year = division.fiscal_year
