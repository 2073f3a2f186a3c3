-- The methods that this build computes: those named for it, else the official one and those on trial beside it.
select *
from {{ ref('ranking_methods') }}
where list_contains(string_split('{{ var("methods") }}', ','), method_id)
    or ('{{ var("methods") }}' = '' and status in ('official', 'trial'))
