-- The register's latest word on each report that is owed, whichever of a department's names it uses.
with placed as (
    select
        due.* replace (
            coalesce(kept.department_key, due.department_key) as department_key,
            coalesce(kept.division_key, due.division_key) as division_key
        )
    from {{ ref('stg_due_submission') }} as due
    left join {{ ref('int_department_in_year') }} as kept
        on due.department_key = kept.named_key and due.fiscal_year = kept.fiscal_year
)

select division_key, department_key, department_name, functions, fiscal_year, due_on, recorded_at
from placed
qualify row_number() over (
    partition by division_key, department_key, fiscal_year
    order by recorded_at desc, batch_id desc, due_on desc, source, department_name
) = 1
