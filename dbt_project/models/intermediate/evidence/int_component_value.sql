-- Everything a method weighs, one row a component: its measure, the share of the points that it earns on the method's
-- curve, and between what bounds that share may lie. A component without a value is not assessable; one without a row
-- may be anything.
with common as (
    select submission_version_id, 'execution_rate' as component, measure, stated_measure
    from {{ ref('int_evidence_execution') }}
    union all
    select
        submission_version_id, 'verified_share' as component,
        {{ share_as_measure('verified_claims', 'core_claims') }} as measure, null as stated_measure
    from {{ ref('int_evidence_verified') }}
    union all
    select submission_version_id, 'targets_without_drift' as component, measure, null as stated_measure
    from {{ ref('int_evidence_drift') }}
    union all
    select submission_version_id, 'timeliness' as component, measure, null as stated_measure
    from {{ ref('int_evidence_timeliness') }}
),

measured as (
    select method.method_id, common.*
    from common
    cross join {{ ref('int_ranking_method') }} as method
    union all
    select method_id, submission_version_id, 'self_score_fits' as component, measure, null as stated_measure
    from {{ ref('int_evidence_self_score') }}
    union all
    select method_id, submission_version_id, 'required_facts' as component, measure, null as stated_measure
    from {{ ref('int_evidence_required') }}
),

valued as (
    select
        measured.method_id, measured.submission_version_id, measured.component, measured.measure,
        {{ in_sixteenths(share_on_curve('coalesce(measured.measure, measured.stated_measure)', 'segment')) }} as share
    from measured
    inner join {{ ref('int_curve_segment') }} as segment
        on measured.method_id = segment.method_id
        and measured.component = segment.component
        and {{ within_segment('coalesce(measured.measure, measured.stated_measure)', 'segment') }}
)

select
    valued.method_id, valued.submission_version_id, valued.component, valued.measure,
    case when valued.measure is not null then valued.share end as value,
    case when valued.measure is not null then valued.share else 0 end::decimal(18, 16) as low,
    valued.share as high
from valued
semi join {{ ref('int_ranking_method') }} as method on valued.method_id = method.method_id
union all
select
    outcome.method_id, outcome.submission_version_id, 'completion' as component,
    outcome.value::decimal(18, 12) as measure, outcome.value, outcome.low, outcome.high
from {{ ref('int_evidence_outcome') }} as outcome
semi join {{ ref('int_ranking_method') }} as method on outcome.method_id = method.method_id
where outcome.policy = 'chosen'
