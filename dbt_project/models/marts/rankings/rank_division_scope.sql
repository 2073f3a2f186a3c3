-- Competition ranking (1-1-3) of divisions in the province, in their league, and in their region.
with ranked as (
    select
        *,
        rank() over (
            partition by method_id, province_key, fiscal_year, scope, scope_key, is_ranked order by score desc
        ) as place,
        count(*) over (
            partition by method_id, province_key, fiscal_year, scope, scope_key, is_ranked, score
        ) as sharing,
        count(*) over (partition by method_id, province_key, fiscal_year, scope, scope_key) as units,
        count(*) filter (where is_ranked)
            over (partition by method_id, province_key, fiscal_year, scope, scope_key) as ranked_units
    from {{ ref('int_division_scope') }}
)

select
    '{{ night('edition_id') }}' as edition_id,
    ranked.method_id,
    ranked.province_key,
    ranked.fiscal_year,
    ranked.scope,
    ranked.division_key,
    ranked.scope_key,
    case when ranked.is_ranked then ranked.place end::integer as rank,
    case when ranked.is_ranked then least(ranked.place, interval.rank_low) end::integer as rank_low,
    case when ranked.is_ranked then greatest(ranked.place, interval.rank_high) end::integer as rank_high,
    ranked.is_ranked and ranked.sharing > 1 as is_tied,
    ranked.ranked_units::integer as ranked_units,
    ranked.units::integer as units,
    interval.indistinct_from,
    ranked.score,
    ranked.is_ranked,
    ranked.unranked_reason
from ranked
left join {{ ref('int_rank_interval') }} as interval
    on ranked.method_id = interval.method_id
    and ranked.fiscal_year = interval.fiscal_year
    and interval.measure = 'level'
    and interval.unit = 'division'
    and ranked.scope = interval.scope
    and ranked.division_key = interval.unit_key
order by ranked.method_id, ranked.fiscal_year, ranked.scope, ranked.division_key
