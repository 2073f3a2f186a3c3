-- 各区划的事实有多少已核实？
-- How many of each division's facts are verified?
select
    y.fiscal_year, y.division_name as division, count(*) as departments, count(*) filter (where y.is_accepted) as accepted,
    sum(m.core_claims) as core_claims, sum(m.verified_claims) as verified_claims,
    round(100 * sum(m.verified_claims) / nullif(sum(m.core_claims), 0), 1) as verified_percent
from department_year y
join measure_department m using (department_key, fiscal_year)
group by all
order by y.fiscal_year desc, verified_percent nulls last, division;
