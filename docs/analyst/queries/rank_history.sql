-- 某区划的名次、区间与得分历期如何变化？（--set division=区划名称；不给则取变化最多的）
-- How did a division's rank, interval and score change over the editions? (--set division=NAME; else the one that changed most)
--
-- 只列有变化的期，每行一直有效到下一行。 Only editions with a change; a row holds until the next one.
with named as (select division_key, max_by(name, valid_from) as division from dim_division group by division_key),
listed as (
    select n.division, h.*, e.position, e.night_on
    from rank_division_history h
    join edition_history e on h.since_edition_id = e.edition_id
    join ranking_methods m on h.method_id = m.method_id and m.status = 'official'
    join named n using (division_key)
)
select division, fiscal_year, night_on, since_edition_id, league, rank, rank_low, rank_high, units, round(score, 2) as score
from listed
where division = coalesce(getvariable('division'), (
    select division from listed group by division order by count(*) desc, division limit 1
))
order by fiscal_year desc, position;
