select
    division_key, gb_code, mof_div_code, name, kind, region_group, league, fiscal_parent_key, map_parent_key,
    province_key, valid_from, valid_to, source, batch_id, recorded_at
from {{ as_known('division') }}
