-- Why a claim became the fact, or did not: the first policy by which it differs from its rival. A claim that lost is
-- compared with the first one; the first one with the next, or with the measure that was taken in its stead.
with rivals as (
    select
        *,
        case
            when position > 1 then first_value(preference) over competition
            when is_chosen then lead(preference) over competition
            else chosen_measure
        end as rival
    from {{ ref('int_competition') }}
    window competition as (
        partition by fact_table, fact_column, submission_version_id, fact_key order by position
    )
),

decided as (
    select
        rivals.*,
        case
            when rivals.rival is null then 'only_claim'
            else coalesce(
                list_concat(coalesce(measures.policy_ids, []), policies.policy_ids)[
                    list_filter(
                        range(1, len(rivals.preference) + 1),
                        lambda place: rivals.preference[place] is distinct from rivals.rival[place]
                    )[1]
                ],
                'same_place'
            )
        end as policy_id
    from rivals
    inner join {{ policies() }} as policies on rivals.kind = policies.kind
    left join {{ policies() }} as measures
        on rivals.kind in ('indicator_target', 'indicator_actual') and measures.kind = 'indicator_pair'
)

select
    decided.fact_table, decided.fact_column, decided.submission_version_id, decided.fact_key, decided.claim_id,
    decided.position, decided.is_chosen, decided.policy_id, policy.reason_zh, policy.reason_en
from decided
inner join {{ ref('reconciliation_policies') }} as policy on decided.policy_id = policy.policy_id
