-- The second reader's votes. It changes nothing: where it differs, a person looks.
select
    claim_id, submission_version_id, outcome, reason_code, role_differs, subject_differs, voted_role, voted_subject,
    span_start::integer as span_start, span_end::integer as span_end, is_relocated, model, prompt_version
from {{ latest_reading('stg_vote', 'claim_id') }} as vote
order by submission_version_id, claim_id
