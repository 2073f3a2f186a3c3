-- The share of a method's required contents that a version has.
select
    required.method_id, submission.submission_version_id,
    {{ in_sixteenths(rounded_quotient('(count(present.fact) * 10000000000000000::hugeint)', 'count(*)')) }} as value
from {{ ref('dim_submission') }} as submission
cross join {{ ref('ranking_required_facts') }} as required
left join {{ ref('int_fact_present') }} as present
    on submission.submission_version_id = present.submission_version_id and required.fact = present.fact
group by required.method_id, submission.submission_version_id
