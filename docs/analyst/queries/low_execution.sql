-- 哪些部门的预算执行率低于 80%？依据是哪句话？（--set below=0.9 换一个界限）
-- Which departments executed less than 80 % of their budget, and which words say so? (--set below=0.9 for another bound)
select
    v.name as division, d.name as department, s.fiscal_year, b.name_zh as category, e.amount_yuan,
    e.adjusted_budget_yuan, round(e.execution_rate * 100, 2) as execution_percent, e.verification, c.quote
from fct_expenditure e
join dim_submission s using (submission_version_id)
join dim_department d using (department_key)
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v
    on s.division_key = v.division_key
join budget_categories b using (category)
join fct_claim c using (claim_id)
where s.is_current and e.execution_rate < cast(coalesce(getvariable('below'), '0.8') as decimal(9, 4))
order by e.execution_rate, s.fiscal_year desc, s.department_key, e.category;
