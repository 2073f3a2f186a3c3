-- Every department that owes a report or handed one in has one filled cell for each rule of the catalogue, and no more.
with catalogue as (
    select count(*) as rules from {{ ref('rules') }}
),

expected as (
    select unit.division_key, unit.department_key, unit.fiscal_year, catalogue.rules
    from {{ ref('int_department_year') }} as unit
    cross join catalogue
),

found as (
    select
        division_key, department_key, fiscal_year, count(*) as cells, count(distinct rule_id) as rules,
        count(outcome) as filled
    from {{ ref('quality_grid') }}
    group by division_key, department_key, fiscal_year
)

select *
from expected
full outer join found using (division_key, department_key, fiscal_year)
where found.cells is distinct from expected.rules
    or found.rules is distinct from expected.rules
    or found.filled is distinct from expected.rules
