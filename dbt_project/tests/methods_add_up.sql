-- A method's parts weigh 100 together, and each part's components make up its weight.
select method.method_id, 'all' as part, 100 as weight, sum(part.weight) as found
from {{ ref('ranking_methods') }} as method
left join {{ ref('ranking_method_parts') }} as part on method.method_id = part.method_id
group by method.method_id
having sum(part.weight) is distinct from 100
union all
select part.method_id, part.part, part.weight, sum(component.points) as found
from {{ ref('ranking_method_parts') }} as part
left join {{ ref('ranking_method_components') }} as component
    on part.method_id = component.method_id and part.part = component.part
group by part.method_id, part.part, part.weight
having sum(component.points) is distinct from part.weight
