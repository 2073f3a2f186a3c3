select
    statement_id, submission_version_id, kind, topic, operator, bound,
    span_start::integer as span_start, span_end::integer as span_end, place, quote, rule_id,
    pairs_with_statement_id
from {{ latest_reading('stg_statement', 'statement_id') }} as statement
