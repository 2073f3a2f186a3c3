-- Self score against evidence and the clumping of self scores, cohort by cohort. Shares stand beside their denominators
-- and are null where there are too few departments to speak of.
{%- set comparison = 'partition by method_id, province_key, fiscal_year, cohort_kind, league' %}

with placed as (
    select
        method_id, province_key, fiscal_year, cohort_kind, cohort_key,
        count(*) over ({{ comparison }}) as compared,
        rank() over ({{ comparison }} order by mean_self_score desc) as place_by_self_score,
        rank() over ({{ comparison }} order by mean_evidence_score desc) as place_by_evidence
    from {{ ref('int_cohort') }}
    -- A province is compared with nobody, and a division without a league is in no ranking.
    where is_compared and cohort_kind != 'province' and (cohort_kind != 'division' or league is not null)
),

names as (
    select 'division' as cohort_kind, division_key as cohort_key, max_by(name, valid_from) as name
    from {{ ref('dim_division') }}
    group by division_key
    union all
    select 'province' as cohort_kind, division_key as cohort_key, max_by(name, valid_from) as name
    from {{ ref('dim_division') }}
    group by division_key
    union all
    select 'league' as cohort_kind, league as cohort_key, name_zh as name from {{ ref('leagues') }}
    union all
    select 'function' as cohort_kind, function_key as cohort_key, name_zh as name from {{ ref('functions') }}
)

select
    cohort.method_id, cohort.province_key, cohort.fiscal_year, cohort.cohort_kind, cohort.cohort_key,
    coalesce(names.name, cohort.cohort_key) as cohort_name, cohort.league,
    cohort.departments::integer as departments,
    cohort.with_self_score::integer as with_self_score,
    cohort.with_evidence::integer as with_evidence,
    cohort.with_both::integer as with_both,
    case when cohort.is_compared then cohort.mean_self_score end as mean_self_score,
    case when cohort.is_compared then cohort.mean_evidence_score end as mean_evidence_score,
    case when cohort.is_compared then cohort.mean_gap end as mean_gap,
    case when cohort.is_compared then cohort.median_gap end as median_gap,
    cohort.above_evidence::integer as above_evidence,
    case when cohort.is_compared then {{ share('cohort.above_evidence', 'cohort.with_both') }} end as above_share,
    cohort.below_evidence::integer as below_evidence,
    case when cohort.is_compared then {{ share('cohort.below_evidence', 'cohort.with_both') }} end as below_share,
    cohort.claims_top::integer as claims_top,
    case when cohort.is_compared then {{ share('cohort.claims_top', 'cohort.with_both') }} end as claims_top_share,
    cohort.evidence_top::integer as evidence_top,
    case when cohort.is_compared then {{ share('cohort.evidence_top', 'cohort.with_both') }} end as evidence_top_share,
    case when cohort.is_clumping_described then mode.most_frequent_score end as most_frequent_score,
    case when cohort.is_clumping_described then mode.most_frequent end::integer as most_frequent,
    case when cohort.is_clumping_described then {{ share('mode.most_frequent', 'cohort.with_self_score') }} end
        as most_frequent_share,
    case when cohort.is_clumping_described then mode.concentration end as concentration,
    case when cohort.is_clumping_described then coalesce(heap.just_above, 0) end::integer as just_above,
    case when cohort.is_clumping_described then
        {{ share('coalesce(heap.just_above, 0)', 'cohort.with_self_score') }}
    end as just_above_share,
    case when cohort.is_clumping_described then coalesce(heap.just_below, 0) end::integer as just_below,
    case when cohort.is_clumping_described then
        {{ share('coalesce(heap.just_below, 0)', 'cohort.with_self_score') }}
    end as just_below_share,
    case when cohort.is_clumping_described then cohort.lower_quartile end as lower_quartile,
    case when cohort.is_clumping_described then cohort.upper_quartile end as upper_quartile,
    placed.compared::integer as compared,
    placed.place_by_self_score::integer as place_by_self_score,
    placed.place_by_evidence::integer as place_by_evidence,
    (placed.place_by_evidence - placed.place_by_self_score)::integer as places_gained
from {{ ref('int_cohort') }} as cohort
left join {{ ref('int_cohort_mode') }} as mode
    on cohort.method_id = mode.method_id
    and cohort.province_key is not distinct from mode.province_key
    and cohort.fiscal_year = mode.fiscal_year
    and cohort.cohort_kind = mode.cohort_kind
    and cohort.cohort_key = mode.cohort_key
left join {{ ref('int_cohort_heap') }} as heap
    on cohort.method_id = heap.method_id
    and cohort.province_key is not distinct from heap.province_key
    and cohort.fiscal_year = heap.fiscal_year
    and cohort.cohort_kind = heap.cohort_kind
    and cohort.cohort_key = heap.cohort_key
left join placed
    on cohort.method_id = placed.method_id
    and cohort.province_key is not distinct from placed.province_key
    and cohort.fiscal_year = placed.fiscal_year
    and cohort.cohort_kind = placed.cohort_kind
    and cohort.cohort_key = placed.cohort_key
left join names on cohort.cohort_kind = names.cohort_kind and cohort.cohort_key = names.cohort_key
order by
    cohort.method_id, cohort.province_key, cohort.fiscal_year, cohort.cohort_kind, cohort.cohort_key
