-- 某个数字出自哪个文件的哪句话？（--set claim=陈述编号；不给则取支出合计最大的那个数）
-- Where does a figure come from? (--set claim=CLAIM_ID; else the largest total expenditure)
select
    c.claim_id, d.name as department, s.fiscal_year, c.value, c.unit, c.verification, c.quote, c.sentence, c.section_path,
    c.place, c.span_start, c.span_end, s.source_name, s.sha256
from fct_claim c
join dim_submission s using (submission_version_id)
join dim_department d using (department_key)
where c.claim_id = coalesce(getvariable('claim'), (
    select e.claim_id
    from fct_expenditure e
    join dim_submission s using (submission_version_id)
    where e.category = 'total' and s.is_current
    order by e.amount_yuan desc, e.claim_id
    limit 1
));
