select arrival_id, source_name, sha256, size_bytes, media_type, received_at, outcome, reason_code, batch_id, recorded_at
from {{ as_known('arrival') }}
