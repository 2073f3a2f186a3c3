-- 某部门每个得分部分依据了报告的哪些话？（--set department=部门名称；不给则取得分最高的）
-- On which words does each part of a department's score rest? (--set department=NAME; else the one that scores best)
with chosen as (
    select r.department_key, r.fiscal_year, d.name, s.submission_version_id, r.execution_score, r.outcome_score,
        r.reliability_score, r.completeness_score
    from rank_department r
    join dim_department d using (department_key)
    join dim_submission s using (department_key, fiscal_year)
    where s.is_current and r.is_ranked and d.name = coalesce(getvariable('department'), d.name)
    order by r.score desc, r.department_key, r.fiscal_year desc, r."function"
    limit 1
),

basis as (
    select 1 as place, '预算执行 execution' as part, execution_score as score, '支出合计 total expenditure' as item,
        e.execution_rate as value, e.verification, e.claim_id
    from chosen join fct_expenditure e using (submission_version_id)
    where e.category = 'total'
    union all
    select 1, '预算执行 execution', execution_score, '调整预算数 adjusted budget', e.execution_rate, e.verification,
        e.adjusted_budget_claim_id
    from chosen join fct_expenditure e using (submission_version_id)
    where e.category = 'total' and e.adjusted_budget_claim_id is not null
    union all
    select 2, '目标实现 outcome', outcome_score, i.name, o.completion_rate, o.verification, o.actual_claim_id
    from chosen join fct_indicator_outcome o using (submission_version_id) join dim_indicator i using (indicator_key)
    where o.is_assessable
    union all
    select 3, '真实可信 reliability', reliability_score, '自评得分 self score', e.self_score, null, e.score_claim_id
    from chosen join fct_self_evaluation e using (submission_version_id)
    union all
    select 3, '真实可信 reliability', reliability_score, '核实比例 verified share',
        m.verified_claims / nullif(m.core_claims, 0), null, null
    from chosen join measure_department m using (department_key, fiscal_year)
    union all
    select 4, '规范及时 completeness', completeness_score, '晚报天数 days late', f.days_late, null, null
    from chosen join filing_overview f using (department_key, fiscal_year)
)

select c.name as department, c.fiscal_year, b.part, round(b.score, 2) as part_score, b.item,
    round(b.value, 4) as value, b.verification, q.place, q.quote
from basis b cross join chosen c left join fct_claim q using (claim_id)
order by b.place, b.item, b.claim_id;
