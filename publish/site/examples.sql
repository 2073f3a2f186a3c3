-- 各区划的名次、90% 区间与得分
-- Ranks of the divisions, with 90 % intervals and scores
select r.fiscal_year, r.league, d.name, r.rank, r.rank_low, r.rank_high, round(r.score, 2) as score
from rank_division r
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) d using (division_key)
where r.is_ranked
order by r.fiscal_year desc, r.league, r.rank, r.division_key;

-- 哪些规则最常查出问题
-- Which rules fail most often
select rule_id, severity, any_value(message_zh order by finding_id) as example, count(*) as findings
from fct_finding
where outcome = 'fail' and is_open
group by all
order by findings desc, rule_id;

-- 预算执行率最低的部门
-- Departments with the lowest execution rates
select s.fiscal_year, d.name, e.amount_yuan, e.adjusted_budget_yuan, round(100 * e.execution_rate, 2) as percent
from fct_expenditure e
join dim_submission s using (submission_version_id)
join (select department_key, max_by(name, valid_from) as name from dim_department group by all) d using (department_key)
where e.category = 'total' and s.is_current and e.execution_rate is not null
order by e.execution_rate, s.fiscal_year, d.name;

-- 谁逾期未报
-- Who is overdue
select fiscal_year, division_key, department_name, due_on, days_late
from filing_overview
where state = 'overdue'
order by days_late desc, division_key, department_name;

-- 库里有哪些表，各说什么
-- The tables there are and what they say
select table_name, estimated_size as "rows", comment
from duckdb_tables()
where database_name = current_database()
order by table_name;
