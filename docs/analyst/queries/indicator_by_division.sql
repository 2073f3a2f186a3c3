-- 同一指标在各区划的目标、实际与完成率如何？（--set indicator=指标名称；不给则取报告最多的）
-- How do divisions compare in one indicator? (--set indicator=NAME; else the one that most reports have)
with assessed as (
    select o.*, s.division_key, s.department_key, s.fiscal_year, i.name as indicator
    from fct_indicator_outcome o
    join dim_submission s using (submission_version_id)
    join dim_indicator i using (indicator_key)
    where s.is_current and o.is_assessable
)

select
    a.indicator, a.fiscal_year, v.name as division, d.name as department, a.target_value, a.actual_value, a.unit,
    round(a.completion_rate * 100, 2) as completion_percent, round(a.stated_completion_rate * 100, 2) as stated_percent,
    a.verification
from assessed a
join dim_department d using (department_key)
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v
    on a.division_key = v.division_key
where a.indicator = coalesce(
    getvariable('indicator'), (select indicator from assessed group by all order by count(*) desc, indicator limit 1)
)
order by a.fiscal_year desc, a.completion_rate desc, a.division_key, a.department_key;
