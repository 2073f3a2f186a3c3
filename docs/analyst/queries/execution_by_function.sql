-- 各片区哪些职能的预算执行率最低？（一个部门有几项职能的，在每项下各计一次）
-- Which functions have the lowest execution rates, by region? (a department counts under each of its functions)
select
    m.fiscal_year, y.region_group as region, f.function_name_zh as "function", count(*) as departments,
    round(sum(m.spent_yuan) / 10000, 2) as spent_wan_yuan,
    round(sum(m.adjusted_budget_yuan) / 10000, 2) as adjusted_budget_wan_yuan,
    round(100 * sum(m.spent_yuan) / sum(m.adjusted_budget_yuan), 2) as execution_percent
from measure_department m
join department_year y using (department_key, fiscal_year)
join department_function f using (department_key)
where m.adjusted_budget_yuan is not null
group by all
order by fiscal_year desc, execution_percent, region, f.function_name_zh;
