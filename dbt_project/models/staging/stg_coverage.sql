select submission_version_id, class_id, digit_count, examples, batch_id, recorded_at
from {{ as_known('coverage') }}
