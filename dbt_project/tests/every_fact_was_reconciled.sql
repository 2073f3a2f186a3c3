-- What was chosen among the competing claims is what the facts name, no more and no less.
with facts as (
    select
        'fct_budget' as fact_table, 'claim_id' as fact_column, submission_version_id,
        concat_ws('|', stage, category) as fact_key, claim_id
    from {{ ref('fct_budget') }}
    union all
    select
        'fct_expenditure' as fact_table, unnest(['claim_id', 'stated_rate_claim_id']) as fact_column,
        submission_version_id, category as fact_key, unnest([claim_id, stated_rate_claim_id]) as claim_id
    from {{ ref('fct_expenditure') }}
    union all
    select
        'fct_indicator_outcome' as fact_table,
        unnest(['target_claim_id', 'actual_claim_id', 'stated_rate_claim_id']) as fact_column,
        submission_version_id, indicator_key as fact_key,
        unnest([target_claim_id, actual_claim_id, stated_rate_claim_id]) as claim_id
    from {{ ref('fct_indicator_outcome') }}
    union all
    select
        'fct_self_evaluation' as fact_table, unnest(['score_claim_id', 'grade_claim_id']) as fact_column,
        submission_version_id, '' as fact_key, unnest([score_claim_id, grade_claim_id]) as claim_id
    from {{ ref('fct_self_evaluation') }}
),

named as (
    select * from facts where claim_id is not null
),

chosen as (
    select fact_table, fact_column, submission_version_id, fact_key, claim_id
    from {{ ref('fct_reconciliation') }}
    where is_chosen
)

(
    select * from named
    except all
    select * from chosen
)
union all
(
    select * from chosen
    except all
    select * from named
)
