select
    answer_id, review_item_id, question, surface, unit_family, answer_kind, answer, name, name_en, category, direction,
    indicator_unit_family, gates_crossed, answered_by, answered_at, reason, batch_id, recorded_at
from {{ as_known('review_answer') }}
