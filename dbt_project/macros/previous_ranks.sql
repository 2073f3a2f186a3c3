{#- Ranks of the edition before this one, read from its Parquet; without such an edition, no rows. -#}
{% macro previous_ranks(table, columns) -%}
    {%- if var('previous_edition') -%}
    select {{ columns.keys() | join(', ') }}, rank as previous_rank
    from read_parquet('{{ var("previous_edition") | replace("'", "''") }}/parquet/{{ table }}.parquet')
    {%- else -%}
    select
        {% for column, kind in columns.items() -%}
        null::{{ kind }} as {{ column }},
        {% endfor -%}
        null::integer as previous_rank
    where false
    {%- endif -%}
{%- endmacro %}
