-- Every day of the fiscal years that anything is known of: the calendar that metrics are asked by.
select unnest(generate_series(min(first_day), max(last_day), interval 1 day))::date as day_on
from (
    select
        make_date(fiscal_year::bigint, 1, 1) as first_day,
        make_date(fiscal_year::bigint, 12, 31) as last_day
    from {{ ref('int_department_year') }}
)
order by day_on
