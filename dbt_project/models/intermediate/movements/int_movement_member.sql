-- The departments that a division's score was the mean of at the previous edition, or is now, with their points then
-- and now under the method that is compared (whole numbers of 10^-8; a missing report has the method's points for it;
-- none where it does not count) and the one cause by which each moved.
with before as (
    select distinct
        method.method_id, previous.fiscal_year, previous.division_key, previous.department_key, previous.named_key,
        previous.score
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('int_previous_department') }} as previous on method.method_before = previous.method_id
    where previous.is_member and method.is_comparable
),

-- Two names of one department that both counted then: the second one's place is gone.
was as (
    select
        * replace (
            case
                when row_number() over (
                    partition by method_id, fiscal_year, division_key, department_key
                    order by named_key = department_key desc, named_key
                ) = 1 then department_key
                else named_key
            end as department_key
        )
    from before
),

is_now as (
    select
        method.method_id, member.fiscal_year, member.division_key, member.department_key, member.score,
        member.has_register
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('int_division_member') }} as member on method.method_before = member.method_id
),

paired as (
    select
        coalesce(was.method_id, is_now.method_id) as method_id,
        coalesce(was.fiscal_year, is_now.fiscal_year) as fiscal_year,
        coalesce(was.division_key, is_now.division_key) as division_key,
        coalesce(was.department_key, is_now.department_key) as department_key,
        was.named_key, is_now.has_register,
        was.method_id is not null as was_member,
        is_now.method_id is not null as is_member,
        was.score as score_before,
        is_now.score as score_now
    from was
    full outer join is_now
        on was.method_id = is_now.method_id
        and was.fiscal_year = is_now.fiscal_year
        and was.division_key = is_now.division_key
        and was.department_key = is_now.department_key
)

select
    paired.method_id, method.method_before, paired.fiscal_year, paired.division_key, paired.department_key,
    paired.was_member, paired.is_member, paired.score_before, paired.score_now,
    report.version_before, report.version_now,
    case
        when not paired.was_member then 0
        else coalesce({{ whole('paired.score_before', 8) }}, method.missing_points)
    end::hugeint as points_before,
    case
        when not paired.is_member then 0
        else coalesce({{ whole('paired.score_now', 8) }}, method.missing_points)
    end::hugeint as points_now,
    case
        when not paired.is_member then 'register'
        when not paired.was_member and paired.has_register then 'register'
        -- Without a register it is the report that makes a department count.
        when not paired.was_member then coalesce(report.cause, 'register')
        when report.cause is not null then report.cause
        when paired.score_before is distinct from paired.score_now then 'correction'
    end as cause
from paired
inner join {{ ref('int_movement_method') }} as method on paired.method_id = method.method_id
left join {{ ref('int_movement_report') }} as report
    on paired.fiscal_year = report.fiscal_year
    and paired.department_key = report.department_key
    and paired.named_key is not distinct from report.named_key
