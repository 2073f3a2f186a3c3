-- Two competition rankings (1-1-3) of the same departments: a province's of one function that have both scores.
with compared as (
    select
        inflation.*,
        unnest(case when len(department.functions) = 0 then ['other'] else department.functions end) as "function"
    from {{ ref('inflation_department') }} as inflation
    inner join {{ ref('dim_department') }} as department on inflation.department_key = department.department_key
    where inflation.gap is not null
),

placed as (
    select
        *,
        count(*) over (partition by method_id, province_key, fiscal_year, "function") as compared,
        rank() over (
            partition by method_id, province_key, fiscal_year, "function" order by self_score desc
        ) as place_by_self_score,
        rank() over (
            partition by method_id, province_key, fiscal_year, "function" order by evidence_score desc
        ) as place_by_evidence
    from compared
)

select
    placed.method_id, placed.province_key, placed.fiscal_year, placed."function",
    functions.name_zh as function_name_zh, functions.name_en as function_name_en,
    placed.department_key, placed.department_name, placed.division_key, placed.division_name,
    placed.compared::integer as compared, placed.self_score, placed.evidence_score, placed.gap,
    placed.place_by_self_score::integer as place_by_self_score,
    placed.place_by_evidence::integer as place_by_evidence,
    (placed.place_by_evidence - placed.place_by_self_score)::integer as places_gained
from placed
left join {{ ref('functions') }} as functions on placed."function" = functions.function_key
order by placed.method_id, placed.fiscal_year, placed."function", placed.department_key
