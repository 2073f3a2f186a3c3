-- The grades that hold in a province's year: its own scheme before the general one, the newest first.
with places as (
    select distinct province_key, fiscal_year from {{ ref('int_department_year') }}
),

schemes as (
    select places.province_key, places.fiscal_year, scheme.scheme_id, scheme.valid_from_year
    from places
    inner join {{ ref('grade_thresholds') }} as scheme
        on scheme.valid_from_year <= places.fiscal_year
        and coalesce(scheme.province_key, '') in ('', places.province_key)
    qualify row_number() over (
        partition by places.province_key, places.fiscal_year
        order by coalesce(scheme.province_key, '') != '' desc, scheme.valid_from_year desc, scheme.scheme_id
    ) = 1
)

select
    schemes.province_key, schemes.fiscal_year, grade.grade, grade.lower, grade.upper,
    grade.upper = max(grade.upper) over (partition by schemes.province_key, schemes.fiscal_year) as is_top
from schemes
inner join {{ ref('grade_thresholds') }} as grade
    on schemes.scheme_id = grade.scheme_id and schemes.valid_from_year = grade.valid_from_year
