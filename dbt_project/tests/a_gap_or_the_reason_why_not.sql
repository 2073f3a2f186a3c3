-- A department's year has a gap, or the reason why there is none; and what the gap is made of leads to claims.
select *
from {{ ref('inflation_department') }}
where (gap is null) != (no_gap_reason is not null)
    or gap is distinct from self_score - evidence_score
    or (self_score is not null and score_claim_id is null)
    or (evidence_score is not null) != (len(evidence_claim_ids) > 0)
    or (evidence_score is not null and evidence_grade is null)
