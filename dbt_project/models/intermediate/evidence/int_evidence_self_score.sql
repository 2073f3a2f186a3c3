-- The gap between the self score and what execution and outcome show, weighed as the method weighs them.
with shown as (
    select
        segment.method_id, execution.submission_version_id, 'execution' as part,
        {{ in_sixteenths(share_on_curve('execution.measure', 'segment')) }} as value
    from {{ ref('int_evidence_execution') }} as execution
    inner join {{ ref('int_curve_segment') }} as segment
        on segment.component = 'execution_rate' and {{ within_segment('execution.measure', 'segment') }}
    where execution.measure is not null
    union all
    select method_id, submission_version_id, 'outcome' as part, value
    from {{ ref('int_evidence_outcome') }}
    where policy = 'chosen' and value is not null
),

evidence as (
    select
        part.method_id, shown.submission_version_id,
        {{ in_sixteenths(rounded_quotient(
            'sum(' ~ whole('part.weight', 3) ~ ' * ' ~ whole('shown.value', 16) ~ ')::hugeint',
            'sum(' ~ whole('part.weight', 3) ~ ')::hugeint')) }} as share
    from shown
    inner join {{ ref('ranking_method_parts') }} as part
        on shown.method_id = part.method_id and shown.part = part.part
    group by part.method_id, shown.submission_version_id
)

select
    evidence.method_id, evidence.submission_version_id, evidence.share,
    abs(self.self_score * 0.01 - evidence.share)::decimal(18, 12) as measure
from evidence
inner join {{ ref('fct_self_evaluation') }} as self
    on evidence.submission_version_id = self.submission_version_id
where self.self_score between 0 and 100
