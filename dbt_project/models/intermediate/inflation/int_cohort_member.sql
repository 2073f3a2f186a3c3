-- The cohorts that a department's year counts in: its division, league, region and province, and each of its functions.
-- Whoever owes no report where a register says who does is left out, as in the rankings.
with counted as (
    select * from {{ ref('inflation_department') }} where is_counted
),

placed as (
    {% for kind, key in [
        ('division', 'division_key'), ('league', 'league'), ('region', 'region_group'), ('province', 'province_key')
    ] -%}
    select *, '{{ kind }}' as cohort_kind, {{ key }} as cohort_key from counted
    union all
    {% endfor -%}
    select
        counted.*, 'function' as cohort_kind,
        unnest(case when len(department.functions) = 0 then ['other'] else department.functions end) as cohort_key
    from counted
    inner join {{ ref('dim_department') }} as department on counted.department_key = department.department_key
)

select * from placed where cohort_key is not null
