-- What came in on each day, by division; files that could not be identified belong to none.
with files as (
    select
        {{ local_day('arrival.received_at') }} as received_on,
        coalesce(version.division_key, arrival.sender_division, '') as division_key,
        arrival.outcome = 'quarantined' as is_quarantined,
        version.submission_version_id is not null as is_version,
        coalesce(version.version_number > 1, false) as is_resubmission,
        version.verdict
    from (
        select *
        from {{ ref('stg_arrival') }}
        qualify row_number() over (partition by arrival_id order by recorded_at desc, batch_id desc) = 1
    ) as arrival
    left join {{ ref('int_submission_version') }} as version on arrival.arrival_id = version.arrival_id
    -- A package counts by its members.
    where arrival.outcome <> 'unpacked'
)

select
    received_on, division_key,
    count(*)::integer as files,
    count(*) filter (where is_version)::integer as versions,
    count(*) filter (where is_resubmission)::integer as resubmissions,
    count(*) filter (where verdict = 'returned')::integer as returned,
    count(*) filter (where is_quarantined)::integer as quarantined
from files
group by received_on, division_key
order by received_on, division_key
