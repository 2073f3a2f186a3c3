{#- Ranks of the edition before this one; without such an edition, or where it lacks these columns, no rows. -#}
{% macro previous_ranks(table, columns) -%}
    {%- if previous_has({table: columns.keys() | list + ['rank']}) -%}
    select {{ columns.keys() | join(', ') }}, rank as previous_rank
    from read_parquet({{ previous_file(table) }})
    {%- else -%}
    select
        {% for column, kind in columns.items() -%}
        null::{{ kind }} as {{ column }},
        {% endfor -%}
        null::integer as previous_rank
    where false
    {%- endif -%}
{%- endmacro %}
