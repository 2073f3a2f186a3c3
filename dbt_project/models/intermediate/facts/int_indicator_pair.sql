-- Target and actual of an indicator side by side: as levels where both are given, else as growth where both are.
with pair as (
    select
        coalesce(target.submission_version_id, actual.submission_version_id) as submission_version_id,
        coalesce(target.indicator_key, actual.indicator_key) as indicator_key,
        coalesce(target.measure, actual.measure) as measure,
        target.claim_id as target_claim_id,
        actual.claim_id as actual_claim_id,
        actual.is_whole_year
    from {{ ref('int_indicator_target') }} as target
    full outer join {{ ref('int_indicator_actual') }} as actual
        on target.submission_version_id = actual.submission_version_id
        and target.indicator_key = actual.indicator_key
        and target.measure = actual.measure
)

select *
from pair
qualify row_number() over (
    partition by submission_version_id, indicator_key
    order by target_claim_id is not null and actual_claim_id is not null desc, measure = 'level' desc
) = 1
