with compared as (
    select
        pair.submission_version_id, pair.indicator_key, pair.measure, pair.is_whole_year,
        pair.target_claim_id, pair.actual_claim_id, indicator.direction,
        target.operator as target_operator, target.verification as target_verification,
        target.value as target_written, target.unit as target_unit, target.unit_base as target_unit_base,
        target.value_base as target_base, coalesce(target.value_high_base, target.value_base) as target_limit,
        actual.verification as actual_verification, actual.value as actual_written, actual.unit as actual_unit,
        actual.unit_base as actual_unit_base, actual.value_base as actual_base,
        coalesce(actual.period_start, target.period_start, make_date(submission.fiscal_year::bigint, 1, 1))
            as period_start,
        coalesce(actual.period_end, target.period_end, make_date(submission.fiscal_year::bigint, 12, 31)) as period_end
    from {{ ref('int_indicator_pair') }} as pair
    inner join {{ ref('dim_submission') }} as submission
        on pair.submission_version_id = submission.submission_version_id
    inner join {{ ref('dim_indicator') }} as indicator on pair.indicator_key = indicator.indicator_key
    left join {{ ref('fct_claim') }} as target on pair.target_claim_id = target.claim_id
    left join {{ ref('fct_claim') }} as actual on pair.actual_claim_id = actual.claim_id
),

judged as (
    select
        *,
        case
            when measure = 'growth' or direction = 'growth' then 'growth_has_no_rate'
            when direction = 'qualitative' then 'qualitative'
            when target_claim_id is null then 'no_target'
            when actual_claim_id is null then 'no_actual'
            when target_unit_base is distinct from actual_unit_base then 'unit_mismatch'
            when not is_whole_year then 'partial_period'
            when direction = 'positive' and target_base <= 0 then 'target_is_zero'
        end as reason
    from compared
),

rated as (
    select
        *,
        case
            when reason is null then {{ completion_rate('direction', 'actual_base', 'target_base', 'target_limit') }}
        end as completion_rate
    from judged
)

select
    rated.submission_version_id,
    rated.indicator_key,
    rated.period_start,
    rated.period_end,
    rated.target_operator,
    case
        when target_unit is distinct from actual_unit and target_unit_base = actual_unit_base then target_base
        else target_written
    end::decimal(28, 6) as target_value,
    case
        when target_unit is distinct from actual_unit and target_unit_base = actual_unit_base then actual_base
        else actual_written
    end::decimal(28, 6) as actual_value,
    case
        when target_claim_id is null then actual_unit
        when actual_claim_id is null then target_unit
        when target_unit is not distinct from actual_unit then target_unit
        when target_unit_base = actual_unit_base then target_unit_base
        else concat(target_unit, ' / ', actual_unit)
    end as unit,
    rated.completion_rate,
    stated.stated_completion_rate,
    rated.completion_rate is not null as is_assessable,
    case when rated.completion_rate is null then coalesce(rated.reason, 'rate_out_of_range') end
        as not_assessable_reason,
    case
        when 'contradicted' in (target_verification, actual_verification, stated.verification) then 'contradicted'
        when target_verification = 'verified' and actual_verification = 'verified' then 'verified'
        else 'unverifiable'
    end as verification,
    rated.target_claim_id,
    rated.actual_claim_id,
    stated.claim_id as stated_rate_claim_id
from rated
left join {{ ref('int_completion_rate_choice') }} as stated
    on rated.submission_version_id = stated.submission_version_id and rated.indicator_key = stated.indicator_key
order by rated.submission_version_id, rated.indicator_key
