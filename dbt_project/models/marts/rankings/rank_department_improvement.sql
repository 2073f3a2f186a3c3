-- Competition ranking (1-1-3) of a province's departments of one function by how much their score rose since the year
-- before, which is that of the department's line (机构沿革).
{{ ranked_by_improvement('department', 'department_key', '"function"') }}
