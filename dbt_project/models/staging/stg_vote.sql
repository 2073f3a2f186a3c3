select
    submission_version_id, claim_id, outcome, reason_code, role_differs, subject_differs, voted_role, voted_subject,
    span_start, span_end, is_relocated, model, prompt_version, batch_id, recorded_at
from {{ as_known('vote') }}
