-- What was recomputed, compared or counted in a version beside the rules. It informs; no report is returned for it.
select
    observation_id, submission_version_id, kind, verdict, severity, stated, recomputed, formula, claim_ids
from {{ latest_reading('stg_observation', 'observation_id') }} as observation
