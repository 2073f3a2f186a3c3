-- Within which ranks a division lies in most draws: of its drawn ranks in order, those at the method's two ends.
with drawn as (
    select
        method_id, fiscal_year, division_key,
        rank() over (
            partition by method_id, province_key, fiscal_year, league, draw order by score_millionths desc
        ) as drawn_rank
    from {{ ref('int_division_draw') }}
),

ordered as (
    select method_id, fiscal_year, division_key, list_sort(list(drawn_rank)) as ranks, count(*) as draws
    from drawn
    group by method_id, fiscal_year, division_key
)

select
    ordered.method_id, ordered.fiscal_year, ordered.division_key,
    ordered.ranks[floor(method.interval_low * ordered.draws)::integer + 1] as rank_low,
    ordered.ranks[ceil(method.interval_high * ordered.draws)::integer] as rank_high
from ordered
inner join {{ ref('int_ranking_method') }} as method on ordered.method_id = method.method_id
