-- Each department that moved its division's score, and by how much: its share of the step of its cause. Within a step
-- departments follow each other by their keys; what is rounded is the sum so far, so that the shares add up exactly.
with steps as (
    select
        method_id, fiscal_year, division_key, cause,
        lag(members) over way as members_before, lag(points) over way as points_before, members
    from {{ ref('int_movement_division_step') }}
    window way as (partition by method_id, fiscal_year, division_key order by position)
),

weighed as (
    select
        member.method_id, member.fiscal_year, member.division_key, member.cause, member.department_key,
        (steps.members_before * steps.members)::hugeint as divisor,
        -- The mean before the step, and what has moved it when this department has: who joins or leaves moves it by
        -- the distance of its score from that mean.
        (steps.points_before * steps.members + sum(
            (member.points_now - member.points_before) * steps.members_before
            - (member.is_member::integer - member.was_member::integer) * steps.points_before
        ) over (
            partition by member.method_id, member.fiscal_year, member.division_key, member.cause
            order by member.department_key
        ))::hugeint as reached,
        (steps.points_before * steps.members)::hugeint as began
    from {{ ref('int_movement_member') }} as member
    inner join steps
        on member.method_id = steps.method_id
        and member.fiscal_year = steps.fiscal_year
        and member.division_key = steps.division_key
        and member.cause = steps.cause
),

reached as (
    select
        method_id, fiscal_year, division_key, department_key, cause,
        {{ in_eighths(rounded_quotient('reached', 'divisor')) }} as score,
        {{ in_eighths(rounded_quotient('began', 'divisor')) }} as score_at_first
    from weighed
),

shared as (
    select
        method_id, fiscal_year, division_key, department_key,
        score - coalesce(lag(score) over (
            partition by method_id, fiscal_year, division_key, cause order by department_key
        ), score_at_first) as points
    from reached
)

select
    '{{ night('edition_id') }}' as edition_id,
    member.method_id,
    member.fiscal_year,
    member.division_key,
    member.department_key,
    member.cause,
    shared.points::decimal(18, 8) as points,
    member.score_before,
    member.score_now,
    member.version_before,
    member.version_now
from {{ ref('int_movement_member') }} as member
left join shared
    on member.method_id = shared.method_id
    and member.fiscal_year = shared.fiscal_year
    and member.division_key = shared.division_key
    and member.department_key = shared.department_key
where member.cause is not null
order by member.method_id, member.fiscal_year, member.division_key, member.department_key
