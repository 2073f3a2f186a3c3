-- Every act once, with whether it holds on the night's day: a waiver ends after its last day or by an act that ends it;
-- an explanation and an appeal have the state of the last decision on them.
with acts as (
    select *
    from {{ ref('stg_act') }}
    qualify row_number() over (partition by act_id order by recorded_at desc, batch_id desc) = 1
),

decided as (
    select refers_to, kind, state
    from acts
    where kind in ('waiver_ended', 'decision', 'appeal_decision')
    qualify row_number() over (partition by refers_to order by done_at desc, act_id) = 1
)

select
    acts.* replace (
        -- Versions under several names of one department are one submission now.
        coalesce(joined.submission_id, acts.submission_id) as submission_id,
        case
            when acts.kind in ('explanation', 'appeal') then coalesce(decided.state, 'open') else acts.state
        end as state
    ),
    case
        when acts.kind in ('waiver', 'gate_waiver')
            then acts.valid_until >= {{ as_of_day() }} and decided.refers_to is null else true
    end as is_in_force
from acts
left join decided on acts.act_id = decided.refers_to
left join (
    select distinct landed_submission_id, submission_id from {{ ref('int_submission_version') }}
) as joined on acts.submission_id = joined.landed_submission_id
