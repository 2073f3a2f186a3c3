-- Everything a method weighs, one row a component: a share from 0 to 1. A component without a row is not assessable.
with methods as (
    select method_id from {{ ref('int_ranking_method') }}
),

common as (
    select submission_version_id, 'execution_rate' as component, value from {{ ref('int_evidence_execution') }}
    union all
    select submission_version_id, 'completion' as component, value from {{ ref('int_evidence_outcome') }}
    union all
    select
        submission_version_id, 'verified_share' as component,
        {{ in_sixteenths(rounded_quotient('(verified_claims * 10000000000000000::hugeint)', 'core_claims')) }} as value
    from {{ ref('int_evidence_verified') }}
    union all
    select submission_version_id, 'targets_without_drift' as component, value from {{ ref('int_evidence_drift') }}
    union all
    select submission_version_id, 'timeliness' as component, value from {{ ref('int_evidence_timeliness') }}
)

select methods.method_id, common.submission_version_id, common.component, common.value
from common
cross join methods
union all
select method_id, submission_version_id, 'self_score_fits' as component, value from {{ ref('int_evidence_self_score') }}
union all
select method_id, submission_version_id, 'required_facts' as component, value
from {{ ref('int_evidence_required') }}
