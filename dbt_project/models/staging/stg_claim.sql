select
    claim_id, submission_version_id, claim_number, kind, subject, surface, role, operator, value, value_high,
    value_text, unit, value_base, value_high_base, unit_base, period_start, period_end, section_path, span_start,
    span_end, figure_start, figure_end, place, quote, sentence, host_claim_id, origin, confidence, rule_id,
    reader_version, verification, batch_id, recorded_at
from {{ as_known('claim') }}
