-- How much waits for people, by what is asked, and since when. Age is counted in days up to the night's day.
with aged as (
    select
        *,
        {{ local_day('first_seen_at') }} as first_seen_on,
        greatest(date_diff('day', {{ local_day('first_seen_at') }}, {{ as_of_day() }}), 0) as age_days
    from {{ ref('review_item') }}
)

select
    question,
    count(*)::integer as items,
    sum(claim_count)::integer as claims,
    min(first_seen_on) as oldest_on,
    max(age_days)::integer as oldest_days,
    ({{ quartile('age_days', 2) }})::integer as median_days,
    count(*) filter (where age_days > 30)::integer as over_30_days
from aged
group by question
order by question
