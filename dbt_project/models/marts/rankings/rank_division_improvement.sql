-- Competition ranking (1-1-3) of divisions inside their league by how much their score rose since the year before.
{{ ranked_by_improvement('division', 'division_key', 'league') }}
