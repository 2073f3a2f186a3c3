-- The methods of the previous edition's ranks.
with methods as (
    {{ previous_rows('ranking_methods', movement_sources()) }}
),

ranked as (
    select distinct method_id from ({{ previous_rows('rank_division', movement_sources()) }})
)

select methods.method_id, methods.status
from methods
semi join ranked on methods.method_id = ranked.method_id
