-- 各区划的名次、90% 区间与各部分得分如何？
-- How do the divisions rank, with their 90 % intervals and the scores of each part?
select
    r.fiscal_year, r.league, d.name as division, r.rank, r.rank_low, r.rank_high, round(r.score, 2) as score,
    round(r.execution_score, 2) as execution, round(r.outcome_score, 2) as outcome,
    round(r.reliability_score, 2) as reliability, round(r.completeness_score, 2) as completeness,
    r.due, r.received, r.accepted, r.unranked_reason
from rank_division r
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) d using (division_key)
order by r.method_id, r.province_key, r.fiscal_year desc, r.league, r.rank nulls last, r.division_key;
