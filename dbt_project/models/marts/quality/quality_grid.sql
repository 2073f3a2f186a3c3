-- The cells are laid out first, every department's year by every rule, and then filled; one that nothing fills stays
-- empty and is found by a test and by the gate. What was not in force on the day of receipt, or what no report of the
-- same batch has a result of (the rule was not in the catalogue then), was not checked.
with checked as (
    select
        submission_version_id, rule_id,
        min(severity) as severity,
        bool_or(outcome = 'pass') as has_passed,
        count(*) filter (where outcome = 'fail') as finding_count,
        bool_or(is_open) as is_open,
        bool_or(waiver_id is not null) as is_waived
    from {{ ref('fct_finding') }}
    group by submission_version_id, rule_id
),

known as (
    select distinct version.batch_id, checked.rule_id
    from checked
    inner join {{ ref('int_submission_version') }} as version
        on checked.submission_version_id = version.submission_version_id
),

catalogue as (
    select rule.rule_id, rule.valid_from, coalesce(max(demotion.severity), rule.severity) as severity
    from {{ ref('rules') }} as rule
    left join {{ ref('rule_demotions') }} as demotion
        on rule.rule_id = demotion.rule_id and demotion.until >= {{ as_of_day() }} and demotion.severity > rule.severity
    group by rule.rule_id, rule.valid_from, rule.severity
)

select
    unit.division_key, unit.department_key, unit.fiscal_year, rule.rule_id, unit.province_key,
    coalesce(checked.severity, rule.severity) as severity,
    case
        when unit.standing != 'CHECKED' then unit.standing
        when checked.finding_count > 0 then 'FAIL'
        when checked.has_passed then 'PASS'
        when checked.rule_id is not null then 'NOT_APPLICABLE'
        when rule.valid_from > unit.received_on or known.rule_id is null then 'NOT_CHECKED'
    end as outcome,
    coalesce(checked.finding_count, 0)::integer as finding_count,
    coalesce(checked.is_open, false) as is_open,
    coalesce(checked.is_waived, false) as is_waived,
    unit.submission_version_id
from {{ ref('int_unit_standing') }} as unit
cross join catalogue as rule
-- The standing is part of the key: as a condition of its own it would cost a comparison of every cell with every check.
left join checked
    on if(unit.standing = 'CHECKED', unit.submission_version_id, null) = checked.submission_version_id
    and rule.rule_id = checked.rule_id
left join known on unit.batch_id = known.batch_id and rule.rule_id = known.rule_id
