-- The straight lines of each curve; the last has no end and stays level.
select
    method_id, component,
    measure as from_measure,
    share as from_share,
    lead(measure) over (partition by method_id, component order by measure) as to_measure,
    lead(share) over (partition by method_id, component order by measure) as to_share,
    row_number() over (partition by method_id, component order by measure) = 1 as is_first
from {{ ref('ranking_method_curves') }}
