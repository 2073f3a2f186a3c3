-- What execution and outcome show of a version, weighed as a method weighs them, as points out of 100: what the method
-- compares a self score with. One that cannot be assessed leaves its weight to the other.
with shown as (
    select submission_version_id, 'execution' as part, value from {{ ref('int_evidence_execution') }}
    union all
    select submission_version_id, 'outcome' as part, value from {{ ref('int_evidence_outcome') }}
)

select
    part.method_id, shown.submission_version_id,
    (max(shown.value) filter (where shown.part = 'execution'))::decimal(18, 8) as execution_rate,
    (max(shown.value) filter (where shown.part = 'outcome'))::decimal(18, 8) as completion_rate,
    {{ in_eighths(rounded_quotient(
        'sum(' ~ whole('part.weight', 3) ~ ' * ' ~ whole('shown.value', 16) ~ ')::hugeint',
        '(sum(' ~ whole('part.weight', 3) ~ ')::hugeint * 1000000)')) }} as evidence_score
from shown
inner join {{ ref('ranking_method_parts') }} as part on shown.part = part.part
group by part.method_id, shown.submission_version_id
