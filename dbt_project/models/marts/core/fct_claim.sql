select
    claim.claim_id, claim.submission_version_id, claim.claim_number::integer as claim_number, claim.kind,
    claim.subject, indicator.indicator_key, indicator.resolved_by as indicator_resolved_by, claim.surface,
    claim.role, claim.operator, claim.value, claim.value_high,
    claim.value_text, claim.unit, claim.value_base, claim.value_high_base, claim.unit_base, claim.period_start,
    claim.period_end, claim.section_path, claim.span_start::integer as span_start, claim.span_end::integer as span_end,
    claim.figure_start::integer as figure_start, claim.figure_end::integer as figure_end,
    claim.place, claim.quote, claim.sentence, claim.host_claim_id, claim.origin, claim.confidence, claim.rule_id,
    claim.reader_version, claim.verification
from {{ ref('int_claim') }} as claim
left join {{ ref('int_claim_indicator') }} as indicator on claim.claim_id = indicator.claim_id
