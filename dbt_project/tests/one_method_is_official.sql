-- The pages show the ranks of one method.
select count(*) as official_methods
from {{ ref('ranking_methods') }}
where status = 'official'
having count(*) != 1
