select
    act_id, kind, state, submission_id, submission_version_id, division_key, department_key,
    fiscal_year::integer as fiscal_year, rule_id, finding_id, refers_to, score, words, "by" as done_by, approved_by,
    valid_until, "at" as done_at, batch_id, recorded_at
from {{ as_known('act') }}
