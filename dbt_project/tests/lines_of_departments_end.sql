-- A line leads to a department that is there today. One that does not runs in a circle: the register of department
-- changes has to be mended there (a name that came back: void for both rows).
select line.department_key, line.line_key, ended.succeeded_by
from {{ ref('int_department_line') }} as line
inner join {{ ref('int_department_end') }} as ended on line.line_key = ended.department_key
where ended.succeeded_by is not null
