-- 谁逾期未报，谁被退回、须在何日前重报？
-- Who is overdue, and whose report was returned and is to come again by when?
select
    v.name as division, f.department_name as department, f.fiscal_year, f.state, f.due_on, f.first_received_on,
    f.days_late, f.mend_by, f.mend_days_late, f.p0_open
from filing_overview f
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v using (division_key)
where f.state in ('overdue', 'returned')
order by f.state, greatest(f.days_late, coalesce(f.mend_days_late, 0)) desc, f.division_key, f.department_key, f.fiscal_year;
