-- A division competes in its league, in its region, and in the whole province.
with placed as (
    select
        score.method_id, score.province_key, score.fiscal_year, score.division_key, scopes.scope,
        case scopes.scope
            when 'province' then division.province_key
            when 'league' then division.league
            else division.region_group
        end as scope_key,
        score.score, score.is_ranked, score.unranked_reason
    from {{ ref('int_division_score') }} as score
    inner join {{ ref('int_division_year') }} as division
        on score.division_key = division.division_key and score.fiscal_year = division.fiscal_year
    cross join (values ('province'), ('league'), ('region')) as scopes (scope)
)

select * from placed where scope_key is not null
