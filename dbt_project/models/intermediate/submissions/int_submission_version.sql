-- The latest reading of each version, and which version of a submission counts now. Versions that came in under several
-- names of one department are one submission, under the id of the first of them.
with latest as (
    select *
    from {{ ref('stg_submission_version') }}
    qualify row_number() over (partition by submission_version_id order by recorded_at desc, batch_id desc) = 1
),

placed as (
    select
        latest.* replace (
            coalesce(kept.department_key, latest.department_key) as department_key,
            coalesce(kept.division_key, latest.division_key) as division_key
        ),
        latest.submission_id as landed_submission_id
    from latest
    left join {{ ref('int_department_in_year') }} as kept
        on latest.department_key = kept.named_key and latest.fiscal_year = kept.fiscal_year
),

joined as (
    select
        * replace (
            first_value(submission_id) over (
                partition by department_key, fiscal_year order by version_number, received_at, submission_version_id
            ) as submission_id
        )
    from placed
)

select
    *,
    row_number() over (
        partition by submission_id order by version_number desc, received_at desc, submission_version_id
    ) = 1 as is_current
from joined
