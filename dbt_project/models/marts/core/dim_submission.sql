select
    version.submission_version_id, version.submission_id, version.division_key, version.department_key,
    version.fiscal_year, version.version_number, version.received_at,
    min(version.received_at) over (partition by version.submission_id) as first_received_at,
    version.filled_on, version.source_name, version.sha256, version.media_type,
    case
        when not version.is_current then 'superseded'
        when verdict.is_withdrawn then 'withdrawn'
        else verdict.verdict
    end as status,
    verdict.verdict,
    version.is_current, version.reader_version,
    version.character_count::integer as character_count,
    version.digit_count::integer as digit_count,
    version.claimed_digit_count::integer as claimed_digit_count,
    version.noise_digit_count::integer as noise_digit_count,
    version.unclaimed_digit_count::integer as unclaimed_digit_count
from {{ ref('int_submission_version') }} as version
inner join {{ ref('int_submission_verdict') }} as verdict
    on version.submission_version_id = verdict.submission_version_id
order by version.submission_version_id
