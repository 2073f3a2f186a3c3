-- The gap that the ranking weighs is the one that is published: 1 less its size in hundredths.
select inflation.*, weighed.value
from {{ ref('inflation_department') }} as inflation
left join {{ ref('int_evidence_self_score') }} as weighed
    on inflation.method_id = weighed.method_id
    and inflation.submission_version_id = weighed.submission_version_id
where inflation.submission_version_id is not null
    and (
        (inflation.gap is null) != (weighed.value is null)
        or abs(greatest(1 - abs(inflation.gap * 0.01), 0) - weighed.value) > 0.00000001
    )
