-- A department's rank in the edition before this one: its own; else that of its line (机构沿革), where one other name of
-- the line was ranked then and is ranked no longer.
with ranked as (
    {{ previous_ranks('rank_department', {
        'method_id': 'varchar', 'fiscal_year': 'integer', '"function"': 'varchar', 'department_key': 'varchar'}) }}
),

previous as (
    select * from ranked where previous_rank is not null
),

today as (
    select unit.method_id, unit.fiscal_year, unit."function", unit.department_key, department.line_key
    from {{ ref('int_department_function') }} as unit
    inner join {{ ref('dim_department') }} as department on unit.department_key = department.department_key
),

renamed as (
    select
        previous.method_id, previous.fiscal_year, previous."function",
        coalesce(line.line_key, previous.department_key) as line_key,
        any_value(previous.previous_rank) as previous_rank
    from previous
    anti join today
        on previous.method_id = today.method_id
        and previous.fiscal_year = today.fiscal_year
        and previous."function" = today."function"
        and previous.department_key = today.department_key
    left join {{ ref('int_department_line') }} as line on previous.department_key = line.department_key
    group by all
    having count(*) = 1
)

select
    today.method_id, today.fiscal_year, today."function", today.department_key,
    coalesce(own.previous_rank, renamed.previous_rank) as previous_rank
from today
left join previous as own
    on today.method_id = own.method_id
    and today.fiscal_year = own.fiscal_year
    and today."function" = own."function"
    and today.department_key = own.department_key
left join renamed
    on today.method_id = renamed.method_id
    and today.fiscal_year = renamed.fiscal_year
    and today."function" = renamed."function"
    and today.line_key = renamed.line_key
