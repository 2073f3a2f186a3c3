-- What became of the files of each day, stage by stage, with the time it took.
select
    {{ local_day('recorded_at') }} as recorded_on, stage, outcome, coalesce(reason_code, '') as reason_code,
    count(*)::integer as files,
    count(distinct submission_version_id)::integer as versions,
    coalesce(sum(seconds), 0)::decimal(18, 3) as seconds,
    max(seconds) as longest_seconds
from {{ ref('fct_stage_outcome') }}
group by all
order by recorded_on, stage, outcome, reason_code
