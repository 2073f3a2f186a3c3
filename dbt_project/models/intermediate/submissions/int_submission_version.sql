-- The latest reading of each version, and which version of a submission counts now.
with latest as (
    select *
    from {{ ref('stg_submission_version') }}
    qualify row_number() over (partition by submission_version_id order by recorded_at desc, batch_id desc) = 1
)

select
    *,
    row_number() over (
        partition by submission_id order by version_number desc, received_at desc, submission_version_id
    ) = 1 as is_current
from latest
