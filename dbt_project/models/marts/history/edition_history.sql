-- The nights behind this edition: every edition of its chain as the last one lists them, and this one. An edition that
-- was taken back is in no chain; where the last edition is of a program that kept no history, the chain begins anew.
with earlier as (
    {{ previous_rows('edition_history', history_sources()) }}
)

select position, edition_id, as_of, night_on, method_ids
from earlier
union all
select
    (select coalesce(max(position), 0) + 1 from earlier)::integer as position,
    '{{ night('edition_id') }}' as edition_id,
    {{ as_of() }} as as_of,
    {{ as_of_day() }} as night_on,
    (select list(method_id order by method_id) from {{ ref('int_ranking_method') }}) as method_ids
order by position
