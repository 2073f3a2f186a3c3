-- 哪些指标的目标在同一份报告里前后不一致？
-- Which indicators have a target that differs from one place of a report to another?
select
    d.name as department, s.fiscal_year, i.name as indicator,
    list(distinct c.value || c.unit || '（' || coalesce(c.place, '') || '）') as targets,
    any_value(s.source_name) as file
from fct_claim c
join dim_submission s using (submission_version_id)
join dim_department d using (department_key)
join dim_indicator i using (indicator_key)
where s.is_current and c.role = 'target' and c.kind = 'indicator' and c.value is not null
group by all
having count(distinct (c.value_base, c.value_high_base)) > 1 and count(distinct c.unit_base) = 1
order by s.fiscal_year desc, department, indicator;
