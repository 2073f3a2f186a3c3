-- The share of a method's required contents that a version has.
select
    required.method_id, submission.submission_version_id,
    {{ share_as_measure('count(present.fact)', 'count(*)') }} as measure
from {{ ref('dim_submission') }} as submission
cross join {{ ref('ranking_required_facts') }} as required
left join {{ ref('int_fact_present') }} as present
    on submission.submission_version_id = present.submission_version_id and required.fact = present.fact
group by required.method_id, submission.submission_version_id
