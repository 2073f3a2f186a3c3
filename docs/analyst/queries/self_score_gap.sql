-- 哪些部门的自评分与核实得分差距最大？
-- In which departments does the self score differ most from what can be verified?
select
    v.name as division, d.name as department, r.fiscal_year, e.self_score, round(r.score, 2) as evidence_score,
    round(e.self_score - r.score, 2) as gap, e.self_grade
from (select distinct department_key, division_key, fiscal_year, method_id, score from rank_department where is_ranked) r
join dim_submission s using (department_key, fiscal_year)
join fct_self_evaluation e using (submission_version_id)
join dim_department d using (department_key)
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v
    on r.division_key = v.division_key
where s.is_current and e.self_score is not null
order by abs(e.self_score - r.score) desc, r.department_key, r.fiscal_year;
