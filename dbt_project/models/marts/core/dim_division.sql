select
    division_key, gb_code, mof_div_code, name, kind, region_group, league, fiscal_parent_key, map_parent_key,
    province_key, valid_from, valid_to, source
from {{ ref('stg_division') }}
qualify row_number() over (
    partition by division_key, valid_from order by recorded_at desc, batch_id desc, valid_to nulls first, source
) = 1
order by division_key, valid_from
