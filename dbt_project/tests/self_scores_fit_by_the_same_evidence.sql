-- The gap that the ranking weighs is the one that is published, in hundredths.
select inflation.*, weighed.measure
from {{ ref('inflation_department') }} as inflation
left join {{ ref('int_evidence_self_score') }} as weighed
    on inflation.method_id = weighed.method_id
    and inflation.submission_version_id = weighed.submission_version_id
where inflation.submission_version_id is not null
    and (
        (inflation.gap is null) != (weighed.measure is null)
        or abs(abs(inflation.gap * 0.01) - weighed.measure) > 0.00000001
    )
