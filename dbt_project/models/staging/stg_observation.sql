select
    observation_id, submission_version_id, kind, verdict, severity, stated, recomputed, formula, claim_ids, batch_id,
    recorded_at
from {{ as_known('observation') }}
