-- Every department's year under every method: its score, or the reason why it has none.
with judged as (
    select
        method.method_id, department.*, points.execution_score, points.outcome_score, points.reliability_score,
        points.completeness_score, points.score, points.is_assessable,
        case
            when not department.is_received then 'not_submitted'
            when not department.is_accepted then 'returned'
            when not coalesce(points.is_assessable, false) then 'nothing_assessable'
        end as unranked_reason
    from {{ ref('int_department_year') }} as department
    cross join {{ ref('int_ranking_method') }} as method
    left join {{ ref('int_department_points') }} as points
        on method.method_id = points.method_id
        and department.department_key = points.department_key
        and department.fiscal_year = points.fiscal_year
)

select
    judged.method_id, judged.province_key, judged.fiscal_year, judged.department_key, judged.division_key,
    judged.league, judged.is_due, judged.has_register, judged.is_received, judged.is_accepted,
    judged.submission_version_id, judged.unranked_reason,
    judged.unranked_reason is null as is_ranked,
    judged.is_accepted and coalesce(judged.is_assessable, false) as is_assessable,
    verified.core_claims, verified.verified_claims,
    case when judged.unranked_reason is null then judged.score end as score,
    {% for part in parts() -%}
        case when judged.unranked_reason is null then judged.{{ part }}_score end as {{ part }}_score
        {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
from judged
left join {{ ref('int_evidence_verified') }} as verified
    on judged.submission_version_id = verified.submission_version_id and judged.is_accepted
