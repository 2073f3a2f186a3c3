-- The mean completion of assessable, verified indicators; beating one target does not make up for missing another.
with capped as (
    select
        submission_version_id,
        {{ whole('least(greatest(completion_rate, 0), 1)::decimal(18, 8)', 8) }} as completion
    from {{ ref('fct_indicator_outcome') }}
    where is_assessable and verification = 'verified'
)

select
    submission_version_id,
    {{ in_sixteenths(rounded_quotient('sum(completion)::hugeint * 100000000', 'count(*)')) }} as value
from capped
group by submission_version_id
