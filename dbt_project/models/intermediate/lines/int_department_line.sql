-- Each department that a change names, with the one that it has become by today. Changes that run in a circle, which
-- the register's reader refuses and a test finds, end where they come round.
with recursive named as (
    select old_department_key as department_key from {{ ref('int_department_change') }}
    union
    select new_department_key as department_key
    from {{ ref('int_department_change') }}
    where new_department_key is not null
),

walk as (
    select department_key, department_key as line_key, [department_key] as path
    from named
    union all
    select walk.department_key, ended.succeeded_by as line_key, list_append(walk.path, ended.succeeded_by) as path
    from walk
    inner join {{ ref('int_department_end') }} as ended on walk.line_key = ended.department_key
    where ended.succeeded_by is not null and not list_contains(walk.path, ended.succeeded_by)
)

select department_key, line_key, path
from walk
qualify row_number() over (partition by department_key order by len(path) desc) = 1
