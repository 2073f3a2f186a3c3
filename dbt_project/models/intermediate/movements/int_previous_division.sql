-- Divisions as the previous edition ranked them.
{{ previous_rows('rank_division', movement_sources()) }}
