-- How often each rule found something, counted from the grid.
select
    rule_id, fiscal_year, division_key,
    count(*)::integer as units,
    count(*) filter (where outcome in ('PASS', 'FAIL', 'NOT_APPLICABLE'))::integer as checked,
    count(*) filter (where outcome = 'PASS')::integer as passed,
    count(*) filter (where outcome = 'FAIL')::integer as failed,
    count(*) filter (where outcome = 'NOT_APPLICABLE')::integer as not_applicable,
    count(*) filter (where is_open)::integer as still_open,
    count(*) filter (where is_waived)::integer as waived,
    sum(finding_count)::integer as findings,
    {{ share("count(*) filter (where outcome = 'FAIL')", "count(*) filter (where outcome in ('PASS', 'FAIL'))") }}
        as failed_share
from {{ ref('quality_grid') }}
group by rule_id, fiscal_year, division_key
order by rule_id, fiscal_year, division_key
