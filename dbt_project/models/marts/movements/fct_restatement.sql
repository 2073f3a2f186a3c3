-- What a newer version of a submission states otherwise than the version before it: figures compared in base units.
with versions as (
    select
        submission_version_id, submission_id, division_key, department_key, fiscal_year, received_at, is_current,
        lag(submission_version_id) over (
            partition by submission_id order by version_number, received_at, submission_version_id desc
        ) as version_before
    from {{ ref('dim_submission') }}
),

figures as (
    select
        submission_version_id, 'budget' as fact, concat_ws('|', stage, category) as fact_key,
        amount_yuan::decimal(30, 8) as value, '元' as unit, null as words, claim_id
    from {{ ref('fct_budget') }}
    union all
    select
        submission_version_id, 'expenditure' as fact, category as fact_key, amount_yuan as value, '元' as unit,
        null as words, claim_id
    from {{ ref('fct_expenditure') }}
    union all
    select
        submission_version_id, 'execution_rate' as fact, category as fact_key, execution_rate as value,
        'ratio' as unit, null as words, claim_id
    from {{ ref('fct_expenditure') }}
    where execution_rate is not null
    union all
    select
        outcome.submission_version_id, 'indicator_target' as fact, outcome.indicator_key as fact_key,
        claim.value_base as value, claim.unit_base as unit,
        -- A bound or a range is another target than its lower end.
        nullif(concat_ws(' ', nullif(claim.operator, '='), claim.value_high_base, claim.value_text), '') as words,
        claim.claim_id
    from {{ ref('fct_indicator_outcome') }} as outcome
    inner join {{ ref('fct_claim') }} as claim on outcome.target_claim_id = claim.claim_id
    union all
    select
        outcome.submission_version_id, 'indicator_actual' as fact, outcome.indicator_key as fact_key,
        claim.value_base as value, claim.unit_base as unit,
        nullif(concat_ws(' ', nullif(claim.operator, '='), claim.value_high_base, claim.value_text), '') as words,
        claim.claim_id
    from {{ ref('fct_indicator_outcome') }} as outcome
    inner join {{ ref('fct_claim') }} as claim on outcome.actual_claim_id = claim.claim_id
    union all
    select
        submission_version_id, 'self_score' as fact, '' as fact_key, self_score as value, '分' as unit,
        null as words, score_claim_id as claim_id
    from {{ ref('fct_self_evaluation') }}
    where self_score is not null
    union all
    select
        submission_version_id, 'self_grade' as fact, '' as fact_key, null as value, null as unit,
        self_grade as words, grade_claim_id as claim_id
    from {{ ref('fct_self_evaluation') }}
    where self_grade is not null
),

before as (
    select versions.submission_version_id as version_after, figures.*
    from versions
    inner join figures on versions.version_before = figures.submission_version_id
),

after as (
    select figures.*
    from versions
    inner join figures on versions.submission_version_id = figures.submission_version_id
    where versions.version_before is not null
),

compared as (
    select
        coalesce(after.submission_version_id, before.version_after) as submission_version_id,
        coalesce(after.fact, before.fact) as fact,
        coalesce(after.fact_key, before.fact_key) as fact_key,
        case when before.fact is null then 'added' when after.fact is null then 'dropped' else 'changed' end as change,
        before.value as value_before, before.unit as unit_before, before.words as words_before,
        after.value as value_after, after.unit as unit_after, after.words as words_after,
        before.claim_id as claim_id_before, after.claim_id as claim_id_after
    from before
    full outer join after
        on before.version_after = after.submission_version_id
        and before.fact = after.fact
        and before.fact_key = after.fact_key
    where before.fact is null or after.fact is null
        or (before.value is distinct from after.value) or (before.unit is distinct from after.unit)
        or (before.words is distinct from after.words)
)

select
    compared.submission_version_id, compared.fact, compared.fact_key, compared.change,
    compared.value_before::decimal(30, 8) as value_before, compared.unit_before, compared.words_before,
    compared.value_after::decimal(30, 8) as value_after, compared.unit_after, compared.words_after,
    compared.claim_id_before, compared.claim_id_after,
    versions.version_before as submission_version_id_before,
    versions.division_key, versions.department_key, versions.fiscal_year, versions.received_at, versions.is_current
from compared
inner join versions on compared.submission_version_id = versions.submission_version_id
order by compared.submission_version_id, compared.fact, compared.fact_key
