select
    submission_version_id, submission_id, division_key, department_key, fiscal_year, version_number, received_at,
    filled_on, source_name, sha256, media_type,
    case when is_current then verdict else 'superseded' end as status,
    is_current, reader_version,
    character_count::integer as character_count,
    digit_count::integer as digit_count,
    claimed_digit_count::integer as claimed_digit_count,
    noise_digit_count::integer as noise_digit_count,
    unclaimed_digit_count::integer as unclaimed_digit_count
from {{ ref('int_submission_version') }}
order by submission_version_id
