-- With which method of the previous edition each method of this one is compared. Readers of the official one compare it
-- with what was official then, if that is still computed; every other method is compared with itself.
with official as (
    select min(method_id) as method_id from {{ ref('int_previous_method') }} where status = 'official'
),

chosen as (
    select
        method.method_id,
        case
            when method.status = 'official' and computed.method_id is not null then computed.method_id
            when same.method_id is not null then same.method_id
            when method.status = 'official' then official.method_id
        end as method_before
    from {{ ref('int_ranking_method') }} as method
    cross join official
    left join {{ ref('int_previous_method') }} as same on method.method_id = same.method_id
    left join {{ ref('int_ranking_method') }} as computed on official.method_id = computed.method_id
)

select
    chosen.method_id, chosen.method_before,
    computed.method_id is not null as is_comparable,
    {{ whole('computed.missing_score', 8) }} as missing_points
from chosen
left join {{ ref('int_ranking_method') }} as computed on chosen.method_before = computed.method_id
where chosen.method_before is not null
