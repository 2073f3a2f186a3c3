-- What was chosen among the competing claims is what the facts name, no more and no less.
with facts as (
    select
        'fct_budget' as fact_table, submission_version_id, concat_ws('|', stage, category) as fact_key,
        { 'fact_column': 'claim_id', 'claim_id': claim_id } as taken
    from {{ ref('fct_budget') }}
    union all
    select
        'fct_expenditure' as fact_table, submission_version_id, category as fact_key,
        unnest([
            { 'fact_column': 'claim_id', 'claim_id': claim_id },
            { 'fact_column': 'stated_rate_claim_id', 'claim_id': stated_rate_claim_id }
        ]) as taken
    from {{ ref('fct_expenditure') }}
    union all
    select
        'fct_indicator_outcome' as fact_table, submission_version_id, indicator_key as fact_key,
        unnest([
            { 'fact_column': 'target_claim_id', 'claim_id': target_claim_id },
            { 'fact_column': 'actual_claim_id', 'claim_id': actual_claim_id },
            { 'fact_column': 'stated_rate_claim_id', 'claim_id': stated_rate_claim_id }
        ]) as taken
    from {{ ref('fct_indicator_outcome') }}
    union all
    select
        'fct_self_evaluation' as fact_table, submission_version_id, '' as fact_key,
        unnest([
            { 'fact_column': 'score_claim_id', 'claim_id': score_claim_id },
            { 'fact_column': 'grade_claim_id', 'claim_id': grade_claim_id }
        ]) as taken
    from {{ ref('fct_self_evaluation') }}
),

named as (
    select facts.fact_table, facts.taken.fact_column, facts.submission_version_id, facts.fact_key, facts.taken.claim_id
    from facts
    where facts.taken.claim_id is not null
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
