-- Every day of the fiscal years that anything is known of: the calendar that metrics are asked by.
with years as (
    select
        make_date(min(fiscal_year)::bigint, 1, 1) as first_day,
        make_date(max(fiscal_year)::bigint, 12, 31) as last_day
    from {{ ref('int_department_year') }}
),

days as (
    select unnest(generate_series(first_day, last_day, interval 1 day)) as day_on from years
)

select day_on::date as day_on
from days
order by day_on
