-- One less the gap between the self score and what execution and outcome show, weighed as the method weighs them.
with shown as (
    select submission_version_id, 'execution' as part, value from {{ ref('int_evidence_execution') }}
    union all
    select submission_version_id, 'outcome' as part, value from {{ ref('int_evidence_outcome') }}
),

evidence as (
    select
        part.method_id, shown.submission_version_id,
        {{ in_sixteenths(rounded_quotient(
            'sum(' ~ whole('part.weight', 3) ~ ' * ' ~ whole('shown.value', 16) ~ ')::hugeint',
            'sum(' ~ whole('part.weight', 3) ~ ')::hugeint')) }} as share
    from shown
    inner join {{ ref('ranking_method_parts') }} as part on shown.part = part.part
    group by part.method_id, shown.submission_version_id
)

select
    evidence.method_id, evidence.submission_version_id,
    greatest(1 - abs(self.self_score * 0.01 - evidence.share), 0)::decimal(18, 16) as value
from evidence
inner join {{ ref('fct_self_evaluation') }} as self
    on evidence.submission_version_id = self.submission_version_id
where self.self_score between 0 and 100
