-- The items behind each component of an accepted report, with the claims that they rest on.
select
    '{{ night('edition_id') }}' as edition_id,
    item.method_id,
    year.fiscal_year,
    year.department_key,
    item.component,
    item.item,
    item.measure,
    item.measure is not null as is_counted,
    item.reason,
    item.claim_ids,
    item.submission_version_id
from {{ ref('int_evidence_item') }} as item
inner join {{ ref('int_department_year') }} as year on item.submission_version_id = year.submission_version_id
where year.is_accepted
order by item.method_id, year.fiscal_year, year.department_key, item.component, item.item
