-- A register of changes knows a department's name best, then the register of what is due; one that only handed in a
-- report is known by what it wrote. Successors are here before their first report.
with seen as (
    select
        department_key, division_key, department_name, functions, fiscal_year, recorded_at,
        2 as authority, null as submission_version_id
    from {{ ref('int_due_department') }}
    union all
    select
        department_key, division_key, department_name, functions, fiscal_year, recorded_at,
        3 as authority, submission_version_id
    from {{ ref('int_submission_version') }}
),

changed as (
    select old_department_key as department_key, old_division_key as division_key, old_department_name as name
    from {{ ref('int_department_change') }}
    union
    select new_department_key as department_key, new_division_key as division_key, new_department_name as name
    from {{ ref('int_department_change') }}
    where new_department_key is not null
),

listed as (
    select department_key from seen
    union
    select unnest(path) as department_key
    from {{ ref('int_department_line') }}
    where department_key in (select department_key from seen)
),

known as (
    select department_key, division_key, department_name as name, authority, fiscal_year, recorded_at,
        submission_version_id
    from seen
    union all
    select department_key, division_key, name, 1 as authority, null as fiscal_year, null as recorded_at,
        null as submission_version_id
    from changed
),

best as (
    select *
    from known
    qualify row_number() over (
        partition by department_key
        order by authority, fiscal_year desc, recorded_at desc, submission_version_id, name
    ) = 1
),

doing as (
    select department_key, functions
    from seen
    qualify row_number() over (
        partition by department_key
        order by authority, fiscal_year desc, recorded_at desc, submission_version_id
    ) = 1
),

since as (
    select department_key, make_date(min(fiscal_year)::bigint, 1, 1) as first_year from seen group by department_key
),

begun as (
    select new_department_key as department_key, min(changed_on) as begun_on
    from {{ ref('int_department_change') }}
    where new_department_key is distinct from old_department_key
    group by new_department_key
)

select
    best.department_key,
    best.division_key,
    best.name,
    list_sort(list_distinct(coalesce(doing.functions, []::varchar[]))) as functions,
    -- One that others were merged into may have been there before.
    case
        when begun.begun_on is null or year(since.first_year) < year(begun.begun_on) then since.first_year
        else begun.begun_on
    end as valid_from,
    (ended.changed_on - 1)::date as valid_to,
    ended.succeeded_by,
    coalesce(line.line_key, best.department_key) as line_key
from listed
inner join best on listed.department_key = best.department_key
left join doing on listed.department_key = doing.department_key
left join since on listed.department_key = since.department_key
left join begun on listed.department_key = begun.department_key
left join {{ ref('int_department_end') }} as ended on listed.department_key = ended.department_key
left join {{ ref('int_department_line') }} as line on listed.department_key = line.department_key
order by best.department_key
