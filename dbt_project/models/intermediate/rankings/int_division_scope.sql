-- A division competes in its league, in its region, and in the whole province.
select
    score.method_id, score.province_key, score.fiscal_year, score.division_key, scopes.scope, scopes.scope_key,
    score.score, score.is_ranked, score.unranked_reason
from {{ ref('int_division_score') }} as score
inner join {{ ref('int_division_year') }} as division
    on score.division_key = division.division_key and score.fiscal_year = division.fiscal_year
cross join lateral (
    values ('province', division.province_key), ('league', division.league), ('region', division.region_group)
) as scopes (scope, scope_key)
where scopes.scope_key is not null
