-- Which row of the division register holds for a fiscal year: the last one valid by the year's end, else the first.
with years as (
    select division_key, fiscal_year from {{ ref('int_due_department') }}
    union
    select division_key, fiscal_year from {{ ref('dim_submission') }}
)

select years.division_key, years.fiscal_year, division.province_key, division.league, division.region_group
from years
inner join {{ ref('dim_division') }} as division on years.division_key = division.division_key
qualify row_number() over (
    partition by years.division_key, years.fiscal_year
    order by
        division.valid_from <= make_date(years.fiscal_year::bigint, 12, 31) desc,
        abs(date_diff('day', division.valid_from, make_date(years.fiscal_year::bigint, 12, 31))),
        division.valid_from
) = 1
