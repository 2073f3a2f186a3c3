select
    finding_id, submission_version_id, rule_id, severity, outcome, message_zh, message_en, remedy_zh, remedy_en,
    claim_ids, statement_ids, passages, expected, found, explained_by
from {{ latest_reading('stg_finding', 'finding_id') }} as finding
order by submission_version_id, rule_id, finding_id
