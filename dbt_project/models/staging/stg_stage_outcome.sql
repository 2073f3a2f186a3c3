select
    run_id, arrival_id, submission_version_id, stage, outcome, reason_code, counts, seconds, batch_id, recorded_at
from {{ as_known('stage_outcome') }}
