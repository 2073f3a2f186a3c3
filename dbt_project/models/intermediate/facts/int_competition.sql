{{ config(materialized='view') }}

-- Every claim that competed for a column of a fact, in order. `kind` names the policies, `preference` says how far the
-- claim is from each of them, in their order: for a target or an actual those of its measure come before its own.
with side as (
    select
        'target_claim_id' as fact_column, 'indicator_target' as kind, submission_version_id, indicator_key, measure,
        claim_id, preference, position
    from {{ ref('int_indicator_target_candidate') }}
    union all
    select
        'actual_claim_id' as fact_column, 'indicator_actual' as kind, submission_version_id, indicator_key, measure,
        claim_id, preference, position
    from {{ ref('int_indicator_actual_candidate') }}
),

competing as (
    select
        case kind when 'budget' then 'fct_budget' else 'fct_expenditure' end as fact_table,
        'claim_id' as fact_column, submission_version_id,
        concat_ws('|', case kind when 'budget' then role end, category) as fact_key,
        kind, claim_id, preference, position = 1 as is_chosen, null as chosen_measure
    from {{ ref('int_money_candidate') }}
    union all
    select
        'fct_expenditure' as fact_table, 'stated_rate_claim_id' as fact_column, submission_version_id,
        category as fact_key, 'execution_rate' as kind, claim_id, preference, position = 1 as is_chosen,
        null as chosen_measure
    from {{ ref('int_execution_rate_candidate') }}
    union all
    select
        'fct_indicator_outcome' as fact_table, side.fact_column, side.submission_version_id,
        side.indicator_key as fact_key, side.kind, side.claim_id,
        list_concat(measure.preference, side.preference) as preference,
        measure.position = 1 and side.position = 1 as is_chosen,
        chosen.preference as chosen_measure
    from side
    inner join {{ ref('int_indicator_measure') }} as measure
        on side.submission_version_id = measure.submission_version_id
        and side.indicator_key = measure.indicator_key
        and side.measure = measure.measure
    inner join {{ ref('int_indicator_measure') }} as chosen
        on side.submission_version_id = chosen.submission_version_id
        and side.indicator_key = chosen.indicator_key
        and chosen.position = 1
    union all
    select
        'fct_indicator_outcome' as fact_table, 'stated_rate_claim_id' as fact_column, submission_version_id,
        indicator_key as fact_key, 'completion_rate' as kind, claim_id, preference, position = 1 as is_chosen,
        null as chosen_measure
    from {{ ref('int_completion_rate_candidate') }}
    union all
    select
        'fct_self_evaluation' as fact_table, concat(kind, '_claim_id') as fact_column, submission_version_id,
        '' as fact_key, kind, claim_id, preference, position = 1 as is_chosen, null as chosen_measure
    from {{ ref('int_self_candidate') }}
)

select
    fact_table, fact_column, submission_version_id, fact_key, kind, claim_id, preference, is_chosen, chosen_measure,
    {{ position('fact_table, fact_column, submission_version_id, fact_key') }}
from competing
