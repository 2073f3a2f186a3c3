select indicator_key, name, name_en, category, unit_family, direction
from {{ ref('indicators') }}
order by indicator_key
