-- 哪些指标的目标在同一份报告里前后不一致？
-- Which indicators have a target that differs from one place of a report to another?
select
    y.division_name as division, y.department_name as department, y.fiscal_year, t.indicator_name as indicator,
    t.targets, t.unit_base as unit, c.quote as taken, t.quotes
from target_drift t
join department_year y using (submission_version_id)
left join fct_claim c on t.taken_claim_id = c.claim_id
order by y.fiscal_year desc, division, department, indicator;
