-- Under which key a department's fiscal year is kept: that of its name on the year's last day, whichever of its names a
-- report, a register or a person used. Only renames and transfers are followed: what merges is another body.
with recursive years as (
    select distinct fiscal_year from {{ ref('stg_submission_version') }}
    union
    select distinct fiscal_year from {{ ref('stg_due_submission') }}
),

steps as (
    select old_department_key as from_key, new_department_key as to_key, changed_on, true as is_forward
    from {{ ref('int_department_change') }}
    where is_continuing
    union all
    select new_department_key as from_key, old_department_key as to_key, changed_on, false as is_forward
    from {{ ref('int_department_change') }}
    where is_continuing
),

walk as (
    select distinct
        steps.from_key as named_key, years.fiscal_year, steps.from_key as department_key, [steps.from_key] as path
    from steps
    cross join years
    union all
    select
        walk.named_key, walk.fiscal_year, steps.to_key as department_key,
        list_append(walk.path, steps.to_key) as path
    from walk
    inner join steps on walk.department_key = steps.from_key
    where not list_contains(walk.path, steps.to_key)
        and steps.is_forward = (steps.changed_on <= make_date(walk.fiscal_year::bigint, 12, 31))
),

homes as (
    select old_department_key as department_key, min(old_division_key) as division_key
    from {{ ref('int_department_change') }}
    group by old_department_key
    union
    select new_department_key as department_key, min(new_division_key) as division_key
    from {{ ref('int_department_change') }}
    where new_department_key is not null
    group by new_department_key
)

select walk.named_key, walk.fiscal_year, walk.department_key, homes.division_key
from walk
inner join homes on walk.department_key = homes.department_key
qualify row_number() over (
    partition by walk.named_key, walk.fiscal_year order by len(walk.path) desc, walk.department_key
) = 1
