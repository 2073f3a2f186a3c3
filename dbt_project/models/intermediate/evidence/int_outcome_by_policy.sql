-- Each assessable outcome under each policy about targets: against the target that was chosen, and against the hardest
-- and the easiest of all targets in the actual's unit that the report states for the indicator.
with alternatives as (
    select
        outcome.submission_version_id, outcome.indicator_key,
        {{ completion_rate(
            'indicator.direction', 'actual.value_base', 'target.value_base',
            'coalesce(target.value_high_base, target.value_base)') }} as completion_rate
    from {{ ref('fct_indicator_outcome') }} as outcome
    inner join {{ ref('dim_indicator') }} as indicator on outcome.indicator_key = indicator.indicator_key
    inner join {{ ref('int_indicator_claim') }} as actual on outcome.actual_claim_id = actual.claim_id
    inner join {{ ref('int_indicator_claim') }} as target
        on outcome.submission_version_id = target.submission_version_id
        and outcome.indicator_key = target.indicator_key
        and target.role = 'target'
        and target.measure = 'level'
        and actual.unit_base = target.unit_base
        and (indicator.direction != 'positive' or target.value_base > 0)
    where outcome.is_assessable
),

ends as (
    select
        submission_version_id, indicator_key,
        min(completion_rate) as strictest, max(completion_rate) as easiest
    from alternatives
    group by submission_version_id, indicator_key
)

select
    outcome.submission_version_id, outcome.indicator_key, outcome.verification, policies.policy,
    case policies.policy
        when 'chosen' then outcome.completion_rate
        when 'strictest' then least(outcome.completion_rate, ends.strictest)
        else greatest(outcome.completion_rate, ends.easiest)
    end as completion_rate
from {{ ref('fct_indicator_outcome') }} as outcome
left join ends
    on outcome.submission_version_id = ends.submission_version_id and outcome.indicator_key = ends.indicator_key
cross join (values ('chosen'), ('strictest'), ('easiest')) as policies (policy)
where outcome.is_assessable
