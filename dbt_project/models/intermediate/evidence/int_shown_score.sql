-- What execution and outcome show of a version, on the method's curves and by its weights: what the method compares a
-- self score with. One that cannot be assessed leaves its weight to the other.
with shown as (
    select
        segment.method_id, execution.submission_version_id, 'execution' as part, execution.measure,
        {{ in_sixteenths(share_on_curve('execution.measure', 'segment')) }} as value
    from {{ ref('int_evidence_execution') }} as execution
    inner join {{ ref('int_curve_segment') }} as segment
        on segment.component = 'execution_rate' and {{ within_segment('execution.measure', 'segment') }}
    where execution.measure is not null
    union all
    select method_id, submission_version_id, 'outcome' as part, value as measure, value
    from {{ ref('int_evidence_outcome') }}
    where policy = 'chosen' and value is not null
),

weighed as (
    select
        part.method_id, shown.submission_version_id,
        max(shown.measure) filter (where shown.part = 'execution') as execution_rate,
        max(shown.value) filter (where shown.part = 'outcome') as completion_rate,
        {{ rounded_quotient(
            'sum(' ~ whole('part.weight', 3) ~ ' * ' ~ whole('shown.value', 16) ~ ')::hugeint',
            'sum(' ~ whole('part.weight', 3) ~ ')::hugeint') }} as share
    from shown
    inner join {{ ref('ranking_method_parts') }} as part
        on shown.method_id = part.method_id and shown.part = part.part
    group by part.method_id, shown.submission_version_id
)

select
    method_id, submission_version_id,
    execution_rate::decimal(18, 8) as execution_rate,
    completion_rate::decimal(18, 8) as completion_rate,
    {{ in_sixteenths('share') }} as evidence_share,
    {{ in_eighths(rounded_quotient('share', '1000000::hugeint')) }} as evidence_score
from weighed
