-- What a version's open findings make of it today, and whether its submission was withdrawn after it came in.
with gravest as (
    select submission_version_id, min(severity) as severity
    from {{ ref('int_finding') }}
    where is_open
    group by submission_version_id
),

withdrawn as (
    select submission_id, max(done_at) as withdrawn_at
    from {{ ref('int_act') }}
    where kind = 'withdrawal'
    group by submission_id
)

select
    version.submission_version_id,
    case gravest.severity
        when 'P0' then 'returned' when 'P1' then 'accepted_with_findings' when 'P2' then 'accepted_with_findings'
        else 'accepted'
    end as verdict,
    coalesce(withdrawn.withdrawn_at >= version.recorded_at, false) as is_withdrawn
from {{ ref('int_submission_version') }} as version
left join gravest on version.submission_version_id = gravest.submission_version_id
left join withdrawn on version.submission_id = withdrawn.submission_id
