-- The execution rate in total, where it is verified; spending beyond the budget earns nothing more.
select submission_version_id, least(greatest(execution_rate, 0), 1)::decimal(18, 16) as value
from {{ ref('fct_expenditure') }}
where category = 'total' and verification = 'verified' and execution_rate is not null
