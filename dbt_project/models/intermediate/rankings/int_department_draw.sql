-- A ranked department's score in each draw, in millionths of a point: other weights, and a drawn value for each part
-- that could not be assessed. This is what widens the interval of a department of which little is known.
with known as (
    select
        part.method_id, part.fiscal_year, part.department_key,
        {% for part in parts() -%}
            (max({{ whole('part.value', 16) }} // 10000000000) filter (where part.part = '{{ part }}'))::bigint
                as {{ part }}
            {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from {{ ref('int_department_part') }} as part
    semi join (select * from {{ ref('int_department_score') }} where is_ranked) as ranked
        on part.method_id = ranked.method_id
        and part.department_key = ranked.department_key
        and part.fiscal_year = ranked.fiscal_year
    group by part.method_id, part.fiscal_year, part.department_key
)

select
    known.method_id, known.fiscal_year, known.department_key, draws.draw,
    (
        {% for part in parts() -%}
            {%- set words = ['draws.seed', 'draws.draw', "'%s'" % part, 'known.department_key', 'known.fiscal_year'] -%}
            draws.{{ part }}_weight * coalesce(known.{{ part }}, {{ even_millionth(words) }})
            {%- if not loop.last %}
        + {% endif %}
        {%- endfor %}
    ) * 100 // (
        {%- for part in parts() %}
            draws.{{ part }}_weight
            {%- if not loop.last %}
        + {% endif %}
        {%- endfor %}
    ) as score_millionths
from known
inner join {{ ref('int_draw_weight') }} as draws on known.method_id = draws.method_id
