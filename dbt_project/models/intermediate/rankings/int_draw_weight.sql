-- The weights of each draw, in millionths of a point: each weight moved up or down by at most the method's jitter.
with draws as (
    select method_id, seed, weight_jitter, unnest(generate_series(1, draws))::integer as draw
    from {{ ref('int_ranking_method') }}
),

moved as (
    select
        draws.method_id, draws.draw, draws.seed, part.part,
        ({{ whole('part.weight', 3) }}
            * (1000000000 + {{ whole('draws.weight_jitter', 3) }}
                * (2 * {{ even_millionth(['draws.seed', 'draws.draw', 'part.part']) }} - 1000000))
            // 1000000)::bigint as weight
    from draws
    inner join {{ ref('ranking_method_parts') }} as part on draws.method_id = part.method_id
)

select
    method_id, draw, seed,
    {% for part in parts() -%}
        (max(weight) filter (where part = '{{ part }}'))::bigint as {{ part }}_weight
        {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
from moved
group by method_id, draw, seed
