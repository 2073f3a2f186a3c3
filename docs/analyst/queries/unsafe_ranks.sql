-- 哪些区划与后一名没有显著差别，不宜说谁先谁后？
-- Which divisions do not differ significantly from the next one?
with ranked as (
    select
        *, lead(division_key) over in_league as next_key, lead(rank) over in_league as next_rank,
        lead(score) over in_league as next_score
    from rank_division
    where is_ranked
    window in_league as (partition by method_id, province_key, fiscal_year, league order by rank, division_key)
),
names as (select division_key, max_by(name, valid_from) as division from dim_division group by division_key)
select
    r.fiscal_year, r.league, n.division, r.rank, r.rank_low, r.rank_high, o.division as next_division, r.next_rank,
    round(r.score - r.next_score, 2) as points_between, len(r.indistinct_from) as no_difference_from
from ranked r
join names n using (division_key)
join names o on r.next_key = o.division_key
where list_contains(r.indistinct_from, r.next_key)
order by r.method_id, r.fiscal_year desc, r.league, r.rank, r.division_key;
