-- 哪些部门的自评分与核实得分差距最大？依据是哪句话？
-- In which departments does the self score differ most from what can be verified, and which words state it?
select
    i.division_name as division, i.department_name as department, i.fiscal_year, i.self_score,
    round(i.evidence_score, 2) as evidence_score, round(i.gap, 2) as gap, i.claimed_grade, i.evidence_grade,
    round(100 * i.execution_rate, 2) as execution_percent, round(100 * i.completion_rate, 2) as completion_percent,
    c.quote
from inflation_department i
join fct_claim c on i.score_claim_id = c.claim_id
where i.gap is not null
order by abs(i.gap) desc, i.method_id, i.department_key, i.fiscal_year;
