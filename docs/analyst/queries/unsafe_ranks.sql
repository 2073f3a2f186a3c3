-- 哪些区划的名次与后一名分不出先后，因为区间重叠？
-- Which divisions cannot be told from the next one, since their intervals overlap?
with ranked as (
    select
        *, lead(division_key) over in_league as next_key, lead(rank) over in_league as next_rank,
        lead(rank_low) over in_league as next_low, lead(rank_high) over in_league as next_high,
        lead(score) over in_league as next_score
    from rank_division
    where is_ranked
    window in_league as (partition by method_id, province_key, fiscal_year, league order by rank, division_key)
),
names as (select division_key, max_by(name, valid_from) as division from dim_division group by division_key)
select
    r.fiscal_year, r.league, n.division, r.rank, r.rank_low, r.rank_high, o.division as next_division, r.next_rank,
    r.next_low, r.next_high, round(r.score - r.next_score, 2) as points_between
from ranked r
join names n using (division_key)
join names o on r.next_key = o.division_key
where r.rank_high >= r.next_low
order by r.method_id, r.fiscal_year desc, r.league, r.rank, r.division_key;
