-- The gap between the self score and what execution and outcome show.
select
    shown.method_id, shown.submission_version_id,
    abs(self.self_score * 0.01 - shown.evidence_share)::decimal(18, 12) as measure
from {{ ref('int_shown_score') }} as shown
inner join {{ ref('fct_self_evaluation') }} as self on shown.submission_version_id = self.submission_version_id
where self.self_score between 0 and 100
