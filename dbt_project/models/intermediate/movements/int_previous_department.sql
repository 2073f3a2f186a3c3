-- Departments as the previous edition ranked them, with the keys by which their years are kept today: a renamed
-- department is the same one.
with previous as (
    {{ previous_rows('rank_department', movement_sources()) }}
)

select
    previous.method_id, previous.province_key, previous.fiscal_year, previous."function",
    previous.department_key as named_key,
    coalesce(kept.department_key, previous.department_key) as department_key,
    previous.division_key,
    -- Members of a division are those due, or all where no register says who is.
    coalesce(previous.due, 1) = 1 as is_member,
    previous.rank, previous.score
from previous
left join {{ ref('int_department_in_year') }} as kept
    on previous.department_key = kept.named_key and previous.fiscal_year = kept.fiscal_year
