-- Which of the contents that a method may require a version has.
select submission_version_id, 'adjusted_budget' as fact
from {{ ref('fct_budget') }}
where stage = 'adjusted' and category = 'total'
union
select submission_version_id, 'initial_budget' as fact
from {{ ref('fct_budget') }}
where stage = 'initial' and category = 'total'
union
select submission_version_id, 'expenditure' as fact
from {{ ref('fct_expenditure') }}
where category = 'total'
union
select submission_version_id, 'indicator_' || role as fact
from {{ ref('int_indicator_claim') }}
union
select submission_version_id, 'self_score' as fact
from {{ ref('fct_self_evaluation') }}
where self_score is not null
union
select submission_version_id, 'self_grade' as fact
from {{ ref('fct_self_evaluation') }}
where self_grade is not null
union
select submission_version_id, kind as fact
from {{ ref('fct_statement') }}
