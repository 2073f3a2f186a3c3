{{ config(materialized='view') }}

-- The findings of the latest readings with what people decided on them: the waiver that covers a failed one today, and
-- the last explanation of it. A finding is open when it failed and neither settles it. What must be mended (P0) cannot
-- be explained away, not even where its rule was milder when the explanation came.
with waived as (
    select finding.finding_id, min(act.act_id) as waiver_id
    from {{ latest_reading('stg_finding', 'finding_id') }} as finding
    inner join {{ ref('int_submission_version') }} as version
        on finding.submission_version_id = version.submission_version_id
    inner join {{ ref('int_act') }} as act on finding.rule_id = act.rule_id
    left join {{ ref('int_department_in_year') }} as kept
        on act.department_key = kept.named_key and version.fiscal_year = kept.fiscal_year
    where finding.outcome = 'fail' and act.kind = 'waiver' and act.is_in_force
        and (act.division_key is null or act.division_key = version.division_key)
        and (act.department_key is null or version.department_key = coalesce(kept.department_key, act.department_key))
        and (act.fiscal_year is null or act.fiscal_year = version.fiscal_year)
        and (act.submission_version_id is null or act.submission_version_id = version.submission_version_id)
    group by finding.finding_id
),

explained as (
    select finding_id, act_id as explanation_id, words as explanation, state as explanation_state
    from {{ ref('int_act') }}
    where kind = 'explanation'
    qualify row_number() over (partition by finding_id order by done_at desc, act_id) = 1
)

select
    finding.*,
    waived.waiver_id,
    explained.explanation,
    explained.explanation_state,
    finding.outcome = 'fail'
    and waived.waiver_id is null
    and coalesce(explained.explanation_state, '') != 'accepted' as is_open
from {{ latest_reading('stg_finding', 'finding_id') }} as finding
left join waived on finding.finding_id = waived.finding_id
left join explained on finding.finding_id = explained.finding_id and finding.severity != 'P0'
