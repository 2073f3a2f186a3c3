-- A version has a target that drifts just where the method counts one against it.
select version.submission_version_id
from {{ ref('dim_submission') }} as version
left join {{ ref('int_evidence_drift') }} as weighed
    on version.submission_version_id = weighed.submission_version_id
left join (select distinct submission_version_id from {{ ref('target_drift') }}) as drifted
    on version.submission_version_id = drifted.submission_version_id
where coalesce(weighed.measure < 1, false) != (drifted.submission_version_id is not null)
