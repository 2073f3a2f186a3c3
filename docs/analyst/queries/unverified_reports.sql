-- 哪些报告中未能核实的数字最多？
-- Which reports have the most figures that cannot be verified?
select
    d.name as department, s.fiscal_year, s.status, count(*) as claims,
    count(*) filter (where c.verification = 'unverifiable') as unverifiable,
    count(*) filter (where c.verification = 'contradicted') as contradicted,
    round(100 * count(*) filter (where c.verification = 'verified') / count(*), 1) as verified_percent,
    s.unclaimed_digit_count as unread_digits, s.source_name
from fct_claim c
join dim_submission s using (submission_version_id)
join dim_department d using (department_key)
where s.is_current
group by d.name, s.fiscal_year, s.status, s.unclaimed_digit_count, s.source_name, s.submission_version_id
order by unverifiable desc, contradicted desc, s.submission_version_id;
