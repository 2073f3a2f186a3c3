select
    finding_id, submission_version_id, rule_id, severity, outcome, message_zh, message_en, remedy_zh, claim_ids,
    expected, found, batch_id, recorded_at
from {{ as_known('finding') }}
