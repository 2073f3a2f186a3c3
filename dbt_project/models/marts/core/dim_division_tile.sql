select
    division_key,
    tile_row::integer as tile_row,
    tile_column::integer as tile_column
from {{ ref('stg_division_tile') }}
qualify row_number() over (partition by division_key order by recorded_at desc, batch_id desc) = 1
order by division_key
