-- Where each division stood, and since which edition: what the last edition tells of it, and a row of this one where
-- anything is different now. A unit that a method of this edition no longer lists gets a row without a rank.
with earlier as (
    {{ previous_rows('rank_division_history', history_sources()) }}
),

standing as (
    select earlier.* exclude (since_edition_id, since_as_of)
    from earlier
    inner join {{ ref('edition_history') }} as edition on earlier.since_edition_id = edition.edition_id
    qualify row_number() over (
        partition by earlier.method_id, earlier.fiscal_year, earlier.division_key order by edition.position desc
    ) = 1
),

tonight as (
    select
        method_id, fiscal_year, division_key, league, is_ranked, rank, rank_low, rank_high, score, is_provisional,
        ranked_units as units
    from {{ ref('rank_division') }}
    union all
    select
        standing.method_id, standing.fiscal_year, standing.division_key, standing.league, false as is_ranked,
        null as rank, null as rank_low, null as rank_high, null as score, standing.is_provisional, null as units
    from standing
    semi join {{ ref('int_ranking_method') }} as method on standing.method_id = method.method_id
    anti join {{ ref('rank_division') }} as ranked
        on standing.method_id = ranked.method_id
        and standing.fiscal_year = ranked.fiscal_year
        and standing.division_key = ranked.division_key
),

changed as (
    select * from tonight
    except
    select * from standing
)

select
    method_id, fiscal_year, division_key, since_edition_id, since_as_of, league, is_ranked, rank, rank_low, rank_high,
    score, is_provisional, units
from earlier
union all
select
    method_id, fiscal_year, division_key, '{{ night('edition_id') }}' as since_edition_id,
    {{ as_of() }} as since_as_of, league, is_ranked, rank, rank_low, rank_high, score, is_provisional, units
from changed
order by method_id, fiscal_year, division_key, since_as_of, since_edition_id
