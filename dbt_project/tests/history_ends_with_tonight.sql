-- Carried to this edition, the history is tonight's ranking, no more and no less; and no row repeats the one before it.
{%- set state -%}
    row(league, is_ranked, rank, rank_low, rank_high, score, is_provisional, {units})
{%- endset %}

with listed as (
    select
        history.method_id, history.fiscal_year, history.division_key, history.is_ranked, edition.position,
        {{ state | replace('{units}', 'units') }} as state
    from {{ ref('rank_division_history') }} as history
    inner join {{ ref('edition_history') }} as edition on history.since_edition_id = edition.edition_id
),

states as (
    select
        *,
        lag(state) over unit as state_before,
        row_number() over unit = 1 as is_first,
        lead(position) over unit is null as is_last
    from listed
    window unit as (partition by method_id, fiscal_year, division_key order by position)
),

tonight as (
    select method_id, fiscal_year, division_key, {{ state | replace('{units}', 'ranked_units') }} as state
    from {{ ref('rank_division') }}
),

-- What tonight lists no longer is unranked, where its method is still computed.
ended as (
    select * from states
    where is_last and is_ranked
        and method_id in (select method_id from {{ ref('int_ranking_method') }})
)

select method_id, fiscal_year, division_key
from states
where not is_first and state is not distinct from state_before
union all
select tonight.method_id, tonight.fiscal_year, tonight.division_key
from tonight
left join (select * from states where is_last) as newest
    on tonight.method_id = newest.method_id
    and tonight.fiscal_year = newest.fiscal_year
    and tonight.division_key = newest.division_key
where tonight.state is distinct from newest.state
union all
select ended.method_id, ended.fiscal_year, ended.division_key
from ended
anti join tonight
    on ended.method_id = tonight.method_id
    and ended.fiscal_year = tonight.fiscal_year
    and ended.division_key = tonight.division_key
