select arrival_id, source_name, sha256, size_bytes, media_type, received_at, channel,
    sender_division, outcome, reason_code, batch_id, recorded_at
from {{ as_known('arrival') }}
