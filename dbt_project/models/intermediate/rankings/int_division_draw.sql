-- A ranked division's score in each draw, in millionths of a point: its members' drawn scores, and for a member without
-- a score anything from nothing to the league's median.
with members as (
    select member.*
    from {{ ref('int_division_member') }} as member
    semi join (select * from {{ ref('int_division_score') }} where is_ranked) as ranked
        on member.method_id = ranked.method_id
        and member.fiscal_year = ranked.fiscal_year
        and member.division_key = ranked.division_key
),

drawn as (
    select
        members.method_id, members.province_key, members.fiscal_year, members.division_key, members.league,
        draws.draw, draws.score_millionths
    from members
    inner join {{ ref('int_department_draw') }} as draws
        on members.method_id = draws.method_id
        and members.fiscal_year = draws.fiscal_year
        and members.department_key = draws.department_key
    union all
    select
        members.method_id, members.province_key, members.fiscal_year, members.division_key, members.league,
        draws.draw,
        median.median_millionths
            * {{ even_millionth(['draws.seed', 'draws.draw', 'members.department_key', 'members.fiscal_year']) }}
            // 1000000 as score_millionths
    from members
    inner join {{ ref('int_draw_weight') }} as draws on members.method_id = draws.method_id
    inner join {{ ref('int_league_median') }} as median
        on members.method_id = median.method_id
        and members.province_key = median.province_key
        and members.fiscal_year = median.fiscal_year
        and members.league = median.league
    where members.score is null
)

select
    method_id, province_key, fiscal_year, division_key, league, draw,
    (sum(score_millionths) // count(*))::bigint as score_millionths
from drawn
group by method_id, province_key, fiscal_year, division_key, league, draw
