-- What each component of a method looks at in an accepted report, one by one: its measure, the claims it rests on, and
-- the reason where it earns nothing or does not count. Of core claims only those that are not verified.
with accepted as (
    select distinct submission_version_id from {{ ref('int_department_year') }} where is_accepted
),

common as (
    select
        accepted.submission_version_id, 'execution_rate' as component, 'total' as item,
        rate.measure,
        case
            when spent.claim_id is null then 'no_expenditure'
            when spent.adjusted_budget_yuan is null then 'no_adjusted_budget'
            when rate.stated_measure is null then 'no_rate'
            when rate.measure is null then spent.verification
        end as reason,
        [spent.claim_id, spent.adjusted_budget_claim_id, spent.stated_rate_claim_id] as claim_ids
    from accepted
    left join {{ ref('fct_expenditure') }} as spent
        on accepted.submission_version_id = spent.submission_version_id and spent.category = 'total'
    left join {{ ref('int_evidence_execution') }} as rate
        on accepted.submission_version_id = rate.submission_version_id
    union all
    select
        submission_version_id, 'completion' as component, indicator_key as item,
        case when verification = 'verified' then {{ as_measure('completion_rate') }} end as measure,
        coalesce(not_assessable_reason, nullif(verification, 'verified')) as reason,
        [target_claim_id, actual_claim_id, stated_rate_claim_id] as claim_ids
    from {{ ref('fct_indicator_outcome') }}
    union all
    select
        submission_version_id, 'verified_share' as component, claim_id as item, 0 as measure, verification as reason,
        [claim_id] as claim_ids
    from {{ ref('int_core_claim') }}
    where verification != 'verified'
    union all
    select
        submission_version_id, 'targets_without_drift' as component, concat(indicator_key, ' ', unit_base) as item,
        case when has_drifted then 0 else 1 end as measure, case when has_drifted then 'drifted' end as reason,
        claim_ids
    from {{ ref('int_target_drift') }}
    union all
    select
        year.submission_version_id, 'timeliness' as component, 'first_receipt' as item, late.measure,
        case when late.measure is null then 'no_due_day' when late.measure > 0 then 'late' end as reason,
        [] as claim_ids
    from {{ ref('int_department_year') }} as year
    left join {{ ref('int_evidence_timeliness') }} as late on year.submission_version_id = late.submission_version_id
    where year.is_accepted
),

by_method as (
    select
        method.method_id, accepted.submission_version_id, 'self_score_fits' as component, 'self_score' as item,
        gap.measure,
        case
            when self.self_score is null then 'no_self_score'
            when self.self_score not between 0 and 100 then 'score_out_of_range'
            when gap.measure is null then 'no_evidence'
        end as reason,
        [self.score_claim_id] as claim_ids
    from accepted
    cross join {{ ref('int_ranking_method') }} as method
    left join {{ ref('fct_self_evaluation') }} as self
        on accepted.submission_version_id = self.submission_version_id
    left join {{ ref('int_evidence_self_score') }} as gap
        on accepted.submission_version_id = gap.submission_version_id and method.method_id = gap.method_id
    union all
    select
        required.method_id, accepted.submission_version_id, 'required_facts' as component, required.fact as item,
        case when present.fact is null then 0 else 1 end as measure,
        case when present.fact is null then 'absent' end as reason,
        [] as claim_ids
    from accepted
    cross join {{ ref('ranking_required_facts') }} as required
    left join {{ ref('int_fact_present') }} as present
        on accepted.submission_version_id = present.submission_version_id and required.fact = present.fact
)

select
    method.method_id, common.submission_version_id, common.component, common.item,
    common.measure::decimal(18, 12) as measure, common.reason,
    list_filter(common.claim_ids, lambda one: one is not null) as claim_ids
from common
semi join accepted on common.submission_version_id = accepted.submission_version_id
cross join {{ ref('int_ranking_method') }} as method
union all
select
    by_method.method_id, by_method.submission_version_id, by_method.component, by_method.item,
    by_method.measure::decimal(18, 12) as measure, by_method.reason,
    list_filter(by_method.claim_ids, lambda one: one is not null) as claim_ids
from by_method
semi join {{ ref('int_ranking_method') }} as method on by_method.method_id = method.method_id
