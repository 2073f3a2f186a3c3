-- The causes by which a department's score and rank moved since the previous edition; those without effect are left
-- out. A department's own score moves by one cause alone; its place after that is among its peers' scores of then.
with split as (
    select * from {{ ref('int_movement_department') }} where unsplit_reason is null
),

placed as (
    select
        split.method_id, split.fiscal_year, split."function", split.department_key,
        1 + count(peer.named_key) as own_rank
    from split
    left join {{ ref('int_previous_department') }} as peer
        on split.method_before = peer.method_id
        and split.province_key = peer.province_key
        and split.fiscal_year = peer.fiscal_year
        and split."function" = peer."function"
        and split.named_key != peer.named_key
        and peer.rank is not null
        and peer.score > split.score_between
    where split.score_between != split.score_before
    group by split.method_id, split.fiscal_year, split."function", split.department_key
),

walked as (
    select split.*, coalesce(placed.own_rank, split.rank_before) as own_rank
    from split
    left join placed
        on split.method_id = placed.method_id
        and split.fiscal_year = placed.fiscal_year
        and split."function" = placed."function"
        and split.department_key = placed.department_key
),

causes as (
    select
        method_id, fiscal_year, "function", department_key, own_cause as cause,
        score_between - score_before as points, rank_before - own_rank as places
    from walked
    where own_cause is not null
    union all
    select
        method_id, fiscal_year, "function", department_key, 'peers' as cause, 0 as points,
        own_rank - rank_between as places
    from walked
    where own_rank != rank_between
    union all
    select
        method_id, fiscal_year, "function", department_key, 'method' as cause,
        score_now - score_between as points, rank_between - rank_now as places
    from walked
    where score_now != score_between or rank_now != rank_between
    union all
    select
        method_id, fiscal_year, "function", department_key, unsplit_reason as cause, null as points,
        null as places
    from {{ ref('int_movement_department') }}
    where unsplit_reason is not null
)

select
    '{{ night('edition_id') }}' as edition_id,
    causes.method_id,
    causes.fiscal_year,
    causes."function",
    causes.department_key,
    causes.cause,
    causes.points::decimal(18, 8) as points,
    causes.places::integer as places,
    department.own_cause,
    department.unsplit_reason is null as is_split,
    department.division_key,
    department.method_before,
    department.score_before,
    department.score_now,
    department.rank_before,
    department.rank_now
from causes
inner join {{ ref('int_movement_department') }} as department
    on causes.method_id = department.method_id
    and causes.fiscal_year = department.fiscal_year
    and causes."function" = department."function"
    and causes.department_key = department.department_key
order by causes.method_id, causes.fiscal_year, causes."function", causes.department_key, causes.cause
