select
    statement_id, submission_version_id, kind, topic, operator, bound, span_start, span_end, place, quote, rule_id,
    pairs_with_statement_id, batch_id, recorded_at
from {{ as_known('statement') }}
