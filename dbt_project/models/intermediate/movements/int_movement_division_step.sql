-- The way of a division's score from the previous edition to now, cause by cause: after each step the departments that
-- moved by this cause or an earlier one stand as they do now and the others as they did then. Step 0 is the mean of
-- then. Its place is the one it would have had among its peers' scores of then.
with began as (
    select
        member.method_id, member.fiscal_year, member.division_key,
        count(*) filter (where member.was_member) as members,
        sum(member.points_before)::hugeint as points
    from {{ ref('int_movement_member') }} as member
    semi join (select * from {{ ref('int_movement_division') }} where unsplit_reason is null) as division
        on member.method_id = division.method_id
        and member.fiscal_year = division.fiscal_year
        and member.division_key = division.division_key
    group by member.method_id, member.fiscal_year, member.division_key
),

moved as (
    select
        method_id, fiscal_year, division_key, cause, count(*) as departments,
        sum(is_member::integer - was_member::integer) as joined,
        sum(points_now - points_before)::hugeint as gained
    from {{ ref('int_movement_member') }}
    where cause is not null
    group by method_id, fiscal_year, division_key, cause
),

steps as (
    select code as cause, position from {{ ref('movement_causes') }} where kind = 'own'
    union all
    select null as cause, 0 as position
),

walked as (
    select
        began.method_id, began.fiscal_year, began.division_key, steps.cause, steps.position,
        coalesce(moved.departments, 0) as departments,
        (began.members + sum(coalesce(moved.joined, 0)) over way)::hugeint as members,
        (began.points + sum(coalesce(moved.gained, 0)) over way)::hugeint as points
    from began
    cross join steps
    left join moved
        on began.method_id = moved.method_id
        and began.fiscal_year = moved.fiscal_year
        and began.division_key = moved.division_key
        and steps.cause = moved.cause
    window way as (
        partition by began.method_id, began.fiscal_year, began.division_key order by steps.position
    )
),

scored as (
    select
        *,
        {{ in_eighths(rounded_quotient('points', 'members')) }} as score
    from walked
)

select
    scored.method_id, scored.fiscal_year, scored.division_key, scored.cause, scored.position, scored.departments,
    scored.members, scored.points, scored.score,
    1 + count(peer.division_key) as rank
from scored
inner join {{ ref('int_movement_division') }} as division
    on scored.method_id = division.method_id
    and scored.fiscal_year = division.fiscal_year
    and scored.division_key = division.division_key
left join {{ ref('int_previous_division') }} as peer
    on division.method_before = peer.method_id
    and division.province_key = peer.province_key
    and division.fiscal_year = peer.fiscal_year
    and division.league = peer.league
    and division.division_key != peer.division_key
    and peer.rank is not null
    and peer.score > scored.score
group by all
