-- The grades of a scheme cover 0 to 100, each beginning where the one below ends.
with bounds as (
    select
        *,
        lag(upper, 1, 0) over (partition by scheme_id, province_key, valid_from_year order by lower, grade) as below,
        lead(lower, 1, 100) over (partition by scheme_id, province_key, valid_from_year order by lower, grade) as above
    from {{ ref('grade_thresholds') }}
)

select *
from bounds
where lower != below or upper != above or lower >= upper
