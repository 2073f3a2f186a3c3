-- Departments that were ranked under a function at the previous edition or are ranked now: then, now under the method
-- of then (`between`), and now; the one cause by which its own score moved; the reason where the way cannot be split.
-- Of several names of one department then, the one that was ranked is the one compared.
with before as (
    select
        method.method_id, method.method_before, method.is_comparable, previous.* exclude (method_id)
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('int_previous_department') }} as previous on method.method_before = previous.method_id
),

named as (
    select
        *,
        row_number() over (
            partition by method_id, fiscal_year, "function", department_key
            order by rank is null, named_key = department_key desc, named_key
        ) as place
    from before
),

was as (
    select * replace (case when place = 1 then department_key else named_key end as department_key)
    from named
    where place = 1 or rank is not null
),

now as (
    select
        method.method_id, method.method_before, method.is_comparable, ranked.* exclude (method_id)
    from {{ ref('int_movement_method') }} as method
    inner join {{ ref('rank_department') }} as ranked on method.method_id = ranked.method_id
),

paired as (
    select
        coalesce(now.method_id, was.method_id) as method_id,
        coalesce(now.method_before, was.method_before) as method_before,
        coalesce(now.is_comparable, was.is_comparable) as is_comparable,
        coalesce(now.fiscal_year, was.fiscal_year) as fiscal_year,
        coalesce(now."function", was."function") as "function",
        coalesce(now.department_key, was.department_key) as department_key,
        coalesce(now.division_key, was.division_key) as division_key,
        coalesce(was.province_key, now.province_key) as province_key,
        was.named_key, was.score as score_before, was.rank as rank_before, now.score as score_now, now.rank as rank_now,
        (now.province_key is distinct from was.province_key) as is_among_others
    from was
    full outer join now
        on was.method_id = now.method_id
        and was.fiscal_year = now.fiscal_year
        and was."function" = now."function"
        and was.department_key = now.department_key
    where was.rank is not null or now.rank is not null
)

select
    paired.method_id, paired.method_before, paired.fiscal_year, paired."function", paired.department_key,
    paired.division_key, paired.province_key, paired.named_key, paired.score_before, paired.rank_before,
    paired.score_now, paired.rank_now,
    between_them.score as score_between, between_them.rank as rank_between,
    case
        when report.cause is not null then report.cause
        when paired.score_before is distinct from between_them.score then 'correction'
    end as own_cause,
    case
        when paired.rank_before is null then 'newly_ranked'
        when paired.rank_now is null then 'no_longer_ranked'
        when not paired.is_comparable or between_them.rank is null then 'method_changed'
        when paired.is_among_others then 'other_peers'
    end as unsplit_reason
from paired
left join {{ ref('rank_department') }} as between_them
    on paired.method_before = between_them.method_id
    and paired.fiscal_year = between_them.fiscal_year
    and paired."function" = between_them."function"
    and paired.department_key = between_them.department_key
left join {{ ref('int_movement_report') }} as report
    on paired.fiscal_year = report.fiscal_year
    and paired.department_key = report.department_key
    and paired.named_key is not distinct from report.named_key
