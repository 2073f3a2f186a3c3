-- Competition ranking (1-1-3) among a province's departments of one function, whatever division they belong to.
with ranked as (
    select
        *,
        rank() over (
            partition by method_id, province_key, fiscal_year, "function", is_ranked order by score desc
        ) as place,
        count(*) over (partition by method_id, province_key, fiscal_year, "function", is_ranked, score) as sharing,
        count(*) filter (where is_ranked) over (partition by method_id, province_key, fiscal_year, "function")
            as ranked_units
    from {{ ref('int_department_function') }}
)

select
    '{{ night('edition_id') }}' as edition_id,
    ranked.method_id,
    ranked.province_key,
    ranked.fiscal_year,
    ranked."function",
    ranked.department_key,
    ranked.division_key,
    ranked.league,
    case when ranked.is_ranked then ranked.place end::integer as rank,
    case when ranked.is_ranked then least(ranked.place, interval.rank_low) end::integer as rank_low,
    case when ranked.is_ranked then greatest(ranked.place, interval.rank_high) end::integer as rank_high,
    ranked.is_ranked and ranked.sharing > 1 as is_tied,
    ranked.ranked_units::integer as ranked_units,
    case when ranked.is_ranked then interval.indistinct_units end::integer as indistinct_units,
    ranked.score,
    ranked.execution_score,
    ranked.outcome_score,
    ranked.reliability_score,
    ranked.completeness_score,
    case when ranked.has_register then ranked.is_due::integer end as due,
    ranked.is_received::integer as received,
    ranked.is_accepted::integer as accepted,
    ranked.is_assessable::integer as assessable,
    {{ share('ranked.verified_claims', 'ranked.core_claims') }} as verified_share,
    ranked.is_ranked,
    not ranked.has_register as is_provisional,
    ranked.unranked_reason,
    previous.previous_rank
from ranked
left join {{ ref('int_rank_interval') }} as interval
    on ranked.method_id = interval.method_id
    and ranked.fiscal_year = interval.fiscal_year
    and interval.measure = 'level'
    and interval.scope = 'function'
    and ranked."function" = interval.scope_key
    and ranked.department_key = interval.unit_key
left join {{ ref('int_department_previous_rank') }} as previous
    on ranked.method_id = previous.method_id
    and ranked.fiscal_year = previous.fiscal_year
    and ranked."function" = previous."function"
    and ranked.department_key = previous.department_key
order by ranked.method_id, ranked.fiscal_year, ranked."function", ranked.department_key
