-- The execution rate in total: as a measure where it is verified, and as it is stated in any case.
select
    submission_version_id,
    case when verification = 'verified' then {{ as_measure('execution_rate') }} end as measure,
    {{ as_measure('execution_rate') }} as stated_measure
from {{ ref('fct_expenditure') }}
where category = 'total' and execution_rate is not null
