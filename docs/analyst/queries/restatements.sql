-- 哪些数字在重新报送时改过，由谁改的，改了多少？（--set department=部门名称；不给则列全部）
-- What was restated, and by whom? (--set department=NAME; else all)
select
    v.name as division, d.name as department, r.fiscal_year, r.received_at, r.fact,
    coalesce(i.name, b.name_zh, r.fact_key) as item, r.change, r.value_before, r.value_after,
    coalesce(r.unit_after, r.unit_before) as unit,
    round(100 * (r.value_after - r.value_before) / nullif(abs(r.value_before), 0), 2) as change_percent,
    p.quote as quote_before, q.quote as quote_after, s.source_name
from fct_restatement r
join dim_submission s using (submission_version_id)
join dim_department d on r.department_key = d.department_key
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v
    on r.division_key = v.division_key
left join dim_indicator i on r.fact_key = i.indicator_key
left join budget_categories b on split_part(r.fact_key, '|', -1) = b.category
left join fct_claim p on r.claim_id_before = p.claim_id
left join fct_claim q on r.claim_id_after = q.claim_id
where d.name = coalesce(getvariable('department'), d.name)
order by r.received_at desc, r.submission_version_id, r.fact, r.fact_key;
