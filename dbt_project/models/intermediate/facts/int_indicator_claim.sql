-- Targets and actuals of known indicators in the fiscal year, as a level (30 家) or as growth (+3 %).
select
    claim.*,
    submission.fiscal_year,
    case claim.kind when 'growth' then 'growth' else 'level' end as measure
from {{ ref('fct_claim') }} as claim
inner join {{ ref('dim_submission') }} as submission on claim.submission_version_id = submission.submission_version_id
where claim.kind in ('indicator', 'growth')
    and claim.role in ('target', 'actual')
    and claim.indicator_key is not null
    and claim.value_base is not null
    and coalesce(year(claim.period_start) = submission.fiscal_year, true)
    and coalesce(year(claim.period_end) = submission.fiscal_year, true)
    and {{ is_sure('claim') }}
