-- Files that came and could not be read, and did not come again since. A file that could not be read does not say whose
-- it is; only its name may: one that has the whole name of a registered department (of the division that handed it in,
-- where its channel knows that; there without the division's own name as well) is taken for that department's, of the
-- year in the name, else of the last year that was over when it came. Where two fit equally well, neither is.
with arrivals as (
    select *, {{ local_day('received_at') }} as received_on
    from {{ ref('stg_arrival') }}
    where outcome != 'unpacked'
    qualify row_number() over (partition by arrival_id order by recorded_at desc, batch_id desc) = 1
),

unread as (
    select arrival.*
    from (
        select *
        from arrivals
        qualify row_number() over (
            partition by sender_division, source_name order by received_at desc, recorded_at desc, arrival_id
        ) = 1
    ) as arrival
    inner join {{ ref('arrival_reasons') }} as reason on arrival.reason_code = reason.reason_code and reason.is_unread
    anti join (select sha256 from arrivals where outcome = 'identified') as read_since
        on arrival.sha256 = read_since.sha256
),

departments as (
    select
        due.division_key, due.department_key, due.fiscal_year, due.department_name,
        replace(due.department_name, division.name, '') as own_name
    from {{ ref('int_due_department') }} as due
    left join (
        select division_key, max_by(name, valid_from) as name from {{ ref('dim_division') }} group by division_key
    ) as division on due.division_key = division.division_key
),

fitting as (
    select
        unread.arrival_id, department.division_key, department.department_key, department.fiscal_year,
        rank() over (
            partition by unread.arrival_id
            order by
                length(
                    case
                        when contains(unread.source_name, department.department_name) then department.department_name
                        else department.own_name
                    end
                ) desc,
                contains(unread.source_name, department.fiscal_year::varchar) desc,
                department.fiscal_year desc
        ) as place
    from unread
    inner join departments as department
        on coalesce(unread.sender_division = department.division_key, true)
        and (
            contains(unread.source_name, department.department_name)
            or (
                unread.sender_division is not null
                and length(department.own_name) > 2
                and contains(unread.source_name, department.own_name)
            )
        )
        and (
            contains(unread.source_name, department.fiscal_year::varchar)
            or (
                not regexp_matches(unread.source_name, '(^|[^0-9])20[0-9]{2}([^0-9]|$)')
                and department.fiscal_year < year(unread.received_on)
            )
        )
),

named as (
    select
        arrival_id, min(division_key) as division_key, min(department_key) as department_key,
        min(fiscal_year) as fiscal_year
    from fitting
    where place = 1
    group by arrival_id
    having count(*) = 1
)

select
    unread.arrival_id, unread.source_name, unread.channel, unread.received_at, unread.received_on, unread.reason_code,
    coalesce(unread.sender_division, named.division_key) as division_key, named.department_key, named.fiscal_year
from unread
left join named on unread.arrival_id = named.arrival_id
