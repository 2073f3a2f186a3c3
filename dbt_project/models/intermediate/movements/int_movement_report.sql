-- What became of a department's report since the previous edition, where anything did: from the version that counted
-- under a name of the department to the one that counts now. A version that the previous edition knew under another
-- name came by a reform, or was identified anew by a newer reader.
with pairs as (
    select distinct fiscal_year, department_key, named_key from {{ ref('int_previous_department') }}
    union all
    select distinct fiscal_year, department_key, null as named_key from {{ ref('int_department_year') }}
),

compared as (
    select
        pairs.fiscal_year, pairs.department_key, pairs.named_key,
        before.submission_version_id as version_before,
        case when year.is_received then year.submission_version_id end as version_now,
        reading.status = 'withdrawn' as is_withdrawn,
        (reading.reader_version is distinct from known.reader_version) as is_read_anew,
        known.submission_version_id is not null as was_known,
        known.named_key = pairs.named_key as was_its_own,
        (moved.reader_version is distinct from before.reader_version) as is_taken_anew
    from pairs
    left join {{ ref('int_department_year') }} as year
        on pairs.fiscal_year = year.fiscal_year and pairs.department_key = year.department_key
    left join {{ ref('dim_submission') }} as reading on year.submission_version_id = reading.submission_version_id
    left join {{ ref('int_previous_submission') }} as known
        on year.submission_version_id = known.submission_version_id
    left join {{ ref('int_previous_submission') }} as before
        on pairs.fiscal_year = before.fiscal_year and pairs.named_key = before.named_key and before.is_counted
    left join {{ ref('dim_submission') }} as moved on before.submission_version_id = moved.submission_version_id
)

select
    fiscal_year, department_key, named_key, version_before, version_now,
    case
        when version_before is null and version_now is null then null
        when version_now = version_before then case when is_read_anew then 'rereading' end
        when version_now is null and is_withdrawn then 'withdrawal'
        when version_now is null then case when is_taken_anew then 'rereading' else 'register' end
        when was_known and is_read_anew then 'rereading'
        -- A withdrawal that was taken back.
        when was_known and version_before is null and was_its_own then 'correction'
        when was_known then 'register'
        when version_before is null then 'new_report'
        else 'resubmission'
    end as cause
from compared
