with stages as (
    select *
    from {{ ref('stg_stage_outcome') }}
    qualify row_number() over (partition by run_id, arrival_id, stage order by recorded_at desc, batch_id desc) = 1
),

arrivals as (
    select arrival_id, source_name
    from {{ ref('stg_arrival') }}
    qualify row_number() over (partition by arrival_id order by recorded_at desc, batch_id desc) = 1
),

identified as (
    select arrival_id, min(submission_version_id) as submission_version_id
    from {{ ref('int_submission_version') }}
    group by arrival_id
)

select
    stages.run_id, stages.arrival_id,
    coalesce(stages.submission_version_id, identified.submission_version_id) as submission_version_id,
    arrivals.source_name, stages.stage, stages.outcome, stages.reason_code, stages.counts, stages.seconds,
    stages.recorded_at
from stages
left join arrivals on stages.arrival_id = arrivals.arrival_id
left join identified on stages.arrival_id = identified.arrival_id
order by stages.run_id, stages.arrival_id, stages.stage
