-- The share of indicators whose target is the same wherever the report states it.
select
    submission_version_id,
    {{ share_as_measure('count(*) filter (where not has_drifted)', 'count(*)') }} as measure
from {{ ref('int_target_drift') }}
group by submission_version_id
