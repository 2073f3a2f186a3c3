-- The findings of the reports that count, and the filled cells of the grid, say the same of each version and rule.
with findings as (
    select
        finding.submission_version_id, finding.rule_id,
        case
            when count(*) filter (where finding.outcome = 'fail') > 0 then 'FAIL'
            when count(*) filter (where finding.outcome = 'pass') > 0 then 'PASS'
            else 'NOT_APPLICABLE'
        end as outcome,
        count(*) filter (where finding.outcome = 'fail') as finding_count,
        count(*) filter (where finding.is_open) > 0 as is_open
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('filing_overview') }} as filing
        on finding.submission_version_id = filing.submission_version_id
        and filing.state in ('accepted', 'accepted_with_findings', 'returned')
    inner join {{ ref('rules') }} as rule on finding.rule_id = rule.rule_id
    group by finding.submission_version_id, finding.rule_id
),

cells as (
    select submission_version_id, rule_id, outcome, finding_count, is_open
    from {{ ref('quality_grid') }}
    where outcome in ('PASS', 'FAIL', 'NOT_APPLICABLE')
)

select
    coalesce(findings.submission_version_id, cells.submission_version_id) as submission_version_id,
    coalesce(findings.rule_id, cells.rule_id) as rule_id,
    findings.outcome, cells.outcome as outcome_in_grid
from findings
full outer join cells
    on findings.submission_version_id = cells.submission_version_id and findings.rule_id = cells.rule_id
where findings.outcome is distinct from cells.outcome
    or findings.finding_count is distinct from cells.finding_count
    or findings.is_open is distinct from cells.is_open
