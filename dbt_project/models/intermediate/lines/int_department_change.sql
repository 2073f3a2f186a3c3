-- The changes that hold: the register's last word on which department became which, those taken back left out.
with latest as (
    select *
    from {{ ref('stg_department_change') }}
    qualify row_number() over (
        partition by old_department_key, new_department_key order by recorded_at desc, batch_id desc, changed_on desc
    ) = 1
)

select
    old_department_key, division_key as old_division_key, old_department_name,
    new_department_key, new_division_key, new_department_name,
    changed_on, kind, source,
    changed_on <= {{ as_of_day() }} as is_in_force,
    kind in ('rename', 'transfer') as is_continuing,
    -- A department that only gave off a part goes on as it was.
    (old_department_key is distinct from new_department_key) and (kind != 'split' or is_principal) as is_end
from latest
where kind != 'void'
