select division_key, tile_row, tile_column, batch_id, recorded_at
from {{ as_known('division_tile') }}
