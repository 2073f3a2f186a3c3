select
    act_id, kind, state, is_in_force, submission_id, submission_version_id, division_key, department_key, fiscal_year,
    rule_id, finding_id, refers_to, score::decimal(6, 2) as score, words, done_by, approved_by, valid_until, done_at
from {{ ref('int_act') }}
order by act_id
