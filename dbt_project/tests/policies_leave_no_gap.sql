-- A claim's preferences are found by the places of their policies, so the ranks of each kind run from 1 without a gap.
select kind, count(*) as policies, max(rank) as last_rank
from {{ ref('reconciliation_policies') }}
group by kind
having max(rank) != count(*) or min(rank) != 1
