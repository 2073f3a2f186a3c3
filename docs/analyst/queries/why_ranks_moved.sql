-- 各区划的名次自上期以来为何变动，由哪些部门引起？（--set division=区划名称；不给则列全部）
-- Why did divisions move since the last edition, and by which departments? (--set division=NAME; else all)
select
    v.name as division, m.fiscal_year, m.rank_before, m.rank_now, c.zh as cause, c.en as cause_en,
    round(m.points, 2) as points, m.places,
    list(d.name || ' ' || coalesce(round(n.points, 2)::varchar, '') order by n.department_key) filter (d.name is not null)
        as departments
from movement_division m
join movement_causes c on m.cause = c.code
join (select division_key, max_by(name, valid_from) as name from dim_division group by all) v using (division_key)
left join movement_member n
    on m.method_id = n.method_id and m.fiscal_year = n.fiscal_year and m.division_key = n.division_key
    and m.cause = n.cause
left join dim_department d on n.department_key = d.department_key
where v.name = coalesce(getvariable('division'), v.name)
group by
    v.name, m.method_id, m.fiscal_year, m.division_key, m.rank_before, m.rank_now, c.zh, c.en, c.position, m.points, m.places
order by m.method_id, m.fiscal_year desc, m.division_key, c.position;
