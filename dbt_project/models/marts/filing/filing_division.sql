-- A division's filings of a year, counted. Who is due is known from a register; without one, whoever filed is counted
-- and nobody is called due. What came from beyond the register is counted apart and nowhere else.
with counted as (
    select
        province_key, division_key, fiscal_year, bool_or(has_register) as has_register,
        count(*) filter (where is_due) as due,
        count(*) filter (where is_counted and state in ('accepted', 'accepted_with_findings', 'returned')) as received,
        count(*) filter (where is_counted and state in ('accepted', 'accepted_with_findings')) as accepted,
        count(*) filter (where is_counted and state = 'returned') as returned,
        count(*) filter (where is_counted and state = 'returned' and mend_days_late > 0) as mending_late,
        count(*) filter (where is_counted and state = 'overdue') as overdue,
        count(*) filter (where is_counted and state = 'expected') as expected,
        count(*) filter (where is_counted and state = 'withdrawn') as withdrawn,
        count(*) filter (where not is_counted) as beyond_register,
        count(*) filter (where is_due and state not in ('overdue', 'expected', 'withdrawn') and days_late = 0)
            as on_time,
        count(*) filter (where is_due and state not in ('expected', 'withdrawn')) as on_time_of,
        coalesce(sum(p0_open) filter (where state != 'withdrawn'), 0) as p0_open,
        coalesce(sum(p1_open) filter (where state != 'withdrawn'), 0) as p1_open,
        min(due_on) as first_due_on,
        max(due_on) as last_due_on
    from (select *, is_due or not has_register as is_counted from {{ ref('filing_overview') }})
    group by province_key, division_key, fiscal_year
)

select
    division_key, fiscal_year, province_key,
    case when has_register then due end::integer as due,
    received::integer as received, accepted::integer as accepted, returned::integer as returned,
    mending_late::integer as mending_late, overdue::integer as overdue, expected::integer as expected,
    withdrawn::integer as withdrawn, beyond_register::integer as beyond_register,
    case when has_register then on_time end::integer as on_time,
    case when has_register then on_time_of end::integer as on_time_of,
    p0_open::integer as p0_open, p1_open::integer as p1_open,
    first_due_on, last_due_on
from counted
order by division_key, fiscal_year
