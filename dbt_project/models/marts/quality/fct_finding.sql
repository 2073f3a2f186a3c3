select
    finding_id, submission_version_id, rule_id, severity, outcome, message_zh, message_en, remedy_zh, remedy_en,
    claim_ids, statement_ids, passages, expected, found, explained_by, waiver_id, explanation, explanation_state,
    is_open
from {{ ref('int_finding') }}
