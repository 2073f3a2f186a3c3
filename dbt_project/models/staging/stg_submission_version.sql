select
    submission_version_id, submission_id, arrival_id, version_number::integer as version_number, division_key,
    department_key, department_name, functions, fiscal_year::integer as fiscal_year, filled_on, received_at,
    source_name, sha256, media_type, notes, verdict, reader_version, character_count, digit_count, claimed_digit_count,
    noise_digit_count, unclaimed_digit_count, batch_id, recorded_at
from {{ as_known('submission_version') }}
