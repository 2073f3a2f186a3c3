-- Divisions that were ranked at the previous edition or are ranked now: then, now under the method of then (`between`),
-- and now; and the reason where the way between cannot be split into causes.
with now as (
    select method.method_id, method.method_before, method.is_comparable, ranked.* exclude (method_id)
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('rank_division') }} as ranked on method.method_id = ranked.method_id
),

before as (
    select method.method_id, method.method_before, method.is_comparable, previous.* exclude (method_id)
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('int_previous_division') }} as previous on method.method_before = previous.method_id
),

paired as (
    select
        coalesce(now.method_id, before.method_id) as method_id,
        coalesce(now.method_before, before.method_before) as method_before,
        coalesce(now.is_comparable, before.is_comparable) as is_comparable,
        coalesce(now.fiscal_year, before.fiscal_year) as fiscal_year,
        coalesce(now.division_key, before.division_key) as division_key,
        coalesce(before.province_key, now.province_key) as province_key,
        coalesce(before.league, now.league) as league,
        before.score as score_before, before.rank as rank_before, now.score as score_now, now.rank as rank_now,
        (now.province_key is distinct from before.province_key) or (now.league is distinct from before.league)
            as is_among_others
    from now
    full outer join before
        on now.method_id = before.method_id
        and now.fiscal_year = before.fiscal_year
        and now.division_key = before.division_key
),

stayed as (
    select distinct method_id, fiscal_year, division_key
    from {{ ref('int_movement_member') }}
    where was_member and is_member
)

select
    paired.method_id, paired.method_before, paired.fiscal_year, paired.division_key, paired.province_key,
    paired.league, paired.score_before, paired.rank_before, paired.score_now, paired.rank_now,
    between_them.score as score_between, between_them.rank as rank_between,
    case
        when paired.rank_before is null then 'newly_ranked'
        when paired.rank_now is null then 'no_longer_ranked'
        when not paired.is_comparable or between_them.rank is null then 'method_changed'
        when paired.is_among_others then 'other_peers'
        when stayed.division_key is null then 'other_members'
    end as unsplit_reason
from paired
left join {{ ref('rank_division') }} as between_them
    on paired.method_before = between_them.method_id
    and paired.fiscal_year = between_them.fiscal_year
    and paired.division_key = between_them.division_key
left join stayed
    on paired.method_id = stayed.method_id
    and paired.fiscal_year = stayed.fiscal_year
    and paired.division_key = stayed.division_key
where paired.rank_before is not null or paired.rank_now is not null
