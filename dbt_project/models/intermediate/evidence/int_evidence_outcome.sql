-- The mean of the shares that assessable indicators earn on a method's curve: of the verified ones, and between what
-- bounds it may lie when the unverified ones are taken for nothing or for what they state.
with earned as (
    select
        segment.method_id, outcome.policy, outcome.submission_version_id,
        outcome.verification = 'verified' as is_verified,
        {{ share_on_curve(as_measure('outcome.completion_rate'), 'segment') }} as share
    from {{ ref('int_outcome_by_policy') }} as outcome
    inner join {{ ref('int_curve_segment') }} as segment
        on segment.component = 'completion' and {{ within_segment(as_measure('outcome.completion_rate'), 'segment') }}
),

summed as (
    select
        method_id, policy, submission_version_id,
        count(*) as outcomes,
        count(*) filter (where is_verified) as verified_outcomes,
        sum(share)::hugeint as stated_share,
        coalesce(sum(share) filter (where is_verified), 0)::hugeint as verified_share
    from earned
    group by method_id, policy, submission_version_id
),

valued as (
    select
        method_id, policy, submission_version_id, outcomes, verified_outcomes,
        {{ in_sixteenths(rounded_quotient('verified_share', 'verified_outcomes')) }} as value,
        {{ in_sixteenths(rounded_quotient('verified_share', 'outcomes')) }} as with_none,
        {{ in_sixteenths(rounded_quotient('stated_share', 'outcomes')) }} as with_all
    from summed
)

select
    method_id, policy, submission_version_id, outcomes, verified_outcomes, value,
    least(with_none, coalesce(value, with_none)) as low,
    greatest(with_all, coalesce(value, with_all)) as high
from valued
