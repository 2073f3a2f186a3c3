-- The middle score of a league's departments: what a missing report is at best taken for in a draw.
select
    method_id, province_key, fiscal_year, league,
    ({{ whole(quartile('score', 2), 8) }} // 100)::bigint as median_millionths
from {{ ref('int_division_member') }}
where score is not null
group by method_id, province_key, fiscal_year, league
