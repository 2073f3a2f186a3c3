-- Who a department's year is, in words: what every question joins to, so that nobody looks names up table by table.
with divisions as (
    select division_key, max_by(name, valid_from) as name, max_by(kind, valid_from) as kind
    from {{ ref('dim_division') }}
    group by division_key
),

function_names as (
    select function_of.department_key, list(functions.name_zh order by function_of.position) as names
    from (
        select department_key, functions[position] as function_key, position
        from (
            select department_key, functions, unnest(range(1, len(functions) + 1)) as position
            from {{ ref('dim_department') }}
        )
    ) as function_of
    inner join {{ ref('functions') }} as functions on function_of.function_key = functions.function_key
    group by function_of.department_key
)

select
    filing.fiscal_year, filing.department_key, departments.name as department_name,
    filing.division_key, divisions.name as division_name, divisions.kind as division_kind,
    filing.province_key, provinces.name as province_name,
    year.region_group, year.league, leagues.name_zh as league_name_zh, leagues.name_en as league_name_en,
    coalesce(departments.functions, []::varchar[]) as functions,
    coalesce(function_names.names, []::varchar[]) as function_names,
    coalesce(departments.line_key, filing.department_key) as line_key,
    coalesce(lines.name, departments.name) as line_name,
    filing.is_due, filing.has_register, filing.state, filing.days_late,
    filing.state in ('accepted', 'accepted_with_findings') as is_accepted,
    filing.submission_version_id
from {{ ref('filing_overview') }} as filing
left join {{ ref('int_division_year') }} as year
    on filing.division_key = year.division_key and filing.fiscal_year = year.fiscal_year
left join {{ ref('leagues') }} as leagues on year.league = leagues.league
left join divisions on filing.division_key = divisions.division_key
left join divisions as provinces on filing.province_key = provinces.division_key
left join {{ ref('dim_department') }} as departments on filing.department_key = departments.department_key
left join {{ ref('dim_department') }} as lines on departments.line_key = lines.department_key
left join function_names on filing.department_key = function_names.department_key
order by filing.fiscal_year, filing.division_key, filing.department_key
