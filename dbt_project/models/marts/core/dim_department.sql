-- The register knows a department best; one that only handed in a report is known by what it wrote.
with seen as (
    select
        department_key, division_key, department_name, functions, fiscal_year, recorded_at,
        1 as authority, null as submission_version_id
    from {{ ref('int_due_department') }}
    union all
    select
        department_key, division_key, department_name, functions, fiscal_year, recorded_at,
        2 as authority, submission_version_id
    from {{ ref('int_submission_version') }}
),

best as (
    select *
    from seen
    qualify row_number() over (
        partition by department_key
        order by authority, fiscal_year desc, recorded_at desc, submission_version_id
    ) = 1
),

since as (
    select department_key, make_date(min(fiscal_year)::bigint, 1, 1) as valid_from from seen group by department_key
)

select
    best.department_key,
    best.division_key,
    best.department_name as name,
    list_sort(list_distinct(coalesce(best.functions, []::varchar[]))) as functions,
    since.valid_from,
    null::date as valid_to,
    null::varchar as succeeded_by
from best
inner join since on best.department_key = since.department_key
order by best.department_key
