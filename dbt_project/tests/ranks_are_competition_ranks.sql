-- A rank is one more than the number of better scores in its group: 1-1-3.
with every as (
    select
        'division' as unit, division_key as key, method_id, province_key, fiscal_year,
        league as competition, rank, score
    from {{ ref('rank_division') }}
    where is_ranked
    union all
    select
        'department' as unit, department_key as key, method_id, province_key, fiscal_year,
        "function" as competition, rank, score
    from {{ ref('rank_department') }}
    where is_ranked
)

select ours.unit, ours.key, ours.method_id, ours.fiscal_year, ours.competition, ours.rank, count(better.key) as better
from every as ours
left join every as better
    on ours.unit = better.unit
    and ours.method_id = better.method_id
    and ours.province_key = better.province_key
    and ours.fiscal_year = better.fiscal_year
    and ours.competition = better.competition
    and better.score > ours.score
group by all
having ours.rank != count(better.key) + 1
