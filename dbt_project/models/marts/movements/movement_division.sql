-- The causes by which a division's score and rank moved since the previous edition; those without effect are left out.
-- The parts are differences of one way from then to now, so they add up to the whole exactly.
with split as (
    select * from {{ ref('int_movement_division') }} where unsplit_reason is null
),

steps as (
    select
        method_id, fiscal_year, division_key, cause, position, departments, score, rank,
        score - lag(score) over way as points,
        lag(rank) over way - rank as places
    from {{ ref('int_movement_division_step') }}
    window way as (partition by method_id, fiscal_year, division_key order by position)
),

ends as (
    select
        method_id, fiscal_year, division_key,
        min_by(score, position) as first_score, min_by(rank, position) as first_rank,
        max_by(score, position) as last_score, max_by(rank, position) as last_rank
    from steps
    group by method_id, fiscal_year, division_key
),

causes as (
    select
        steps.method_id, steps.fiscal_year, steps.division_key, steps.cause, steps.departments, steps.points,
        steps.places
    from steps
    where steps.position > 0
    union all
    select
        split.method_id, split.fiscal_year, split.division_key, 'peers' as cause, null as departments, 0 as points,
        ends.last_rank - split.rank_between as places
    from split
    inner join ends
        on split.method_id = ends.method_id
        and split.fiscal_year = ends.fiscal_year
        and split.division_key = ends.division_key
    union all
    -- From the method of then to that of now; and from what was published then to the mean of then as it is taken now.
    select
        split.method_id, split.fiscal_year, split.division_key, 'method' as cause, null as departments,
        ends.first_score - split.score_before + split.score_now - ends.last_score as points,
        split.rank_before - ends.first_rank + split.rank_between - split.rank_now as places
    from split
    inner join ends
        on split.method_id = ends.method_id
        and split.fiscal_year = ends.fiscal_year
        and split.division_key = ends.division_key
    union all
    select
        method_id, fiscal_year, division_key, unsplit_reason as cause, null as departments, null as points,
        null as places
    from {{ ref('int_movement_division') }}
    where unsplit_reason is not null
)

select
    '{{ night('edition_id') }}' as edition_id,
    causes.method_id,
    causes.fiscal_year,
    causes.division_key,
    causes.cause,
    causes.points::decimal(18, 8) as points,
    causes.places::integer as places,
    causes.departments::integer as departments,
    division.unsplit_reason is null as is_split,
    division.method_before,
    division.score_before,
    division.score_now,
    division.rank_before,
    division.rank_now
from causes
inner join {{ ref('int_movement_division') }} as division
    on causes.method_id = division.method_id
    and causes.fiscal_year = division.fiscal_year
    and causes.division_key = division.division_key
where division.unsplit_reason is not null or causes.points != 0 or causes.places != 0 or causes.departments > 0
order by causes.method_id, causes.fiscal_year, causes.division_key, causes.cause
