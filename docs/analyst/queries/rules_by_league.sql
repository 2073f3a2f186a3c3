-- 各同类组最常不通过的是哪些规则？（各取前五）
-- Which rules fail most often in each league? (the first five of each)
with units as (
    select distinct fiscal_year, division_key, league_name_zh as league from department_year where league is not null
)
select
    r.fiscal_year, u.league, r.rule_id, rules.title_zh, rules.severity, sum(r.failed) as failed, sum(r.checked) as checked,
    round(100 * sum(r.failed) / sum(r.checked), 1) as failed_percent, sum(r.still_open) as still_open
from rule_frequency r
join units u using (division_key, fiscal_year)
join rules using (rule_id)
group by r.fiscal_year, u.league, r.rule_id, rules.title_zh, rules.severity
having sum(r.failed) > 0
qualify row_number() over (partition by r.fiscal_year, u.league order by sum(r.failed) desc, r.rule_id) <= 5
order by r.fiscal_year desc, u.league, failed desc, r.rule_id;
