-- The rate is there exactly where an adjusted budget above zero is, and it is that quotient.
select *
from {{ ref('fct_expenditure') }}
where (execution_rate is null) != (adjusted_budget_yuan is null or adjusted_budget_yuan = 0)
    or abs(execution_rate * adjusted_budget_yuan - amount_yuan) > 0.00000001 * abs(adjusted_budget_yuan)
