-- Every column of every published table, with what the contract and the tests say of it.
with described (
    table_name, column_number, column_name, data_type, description_zh, description_en, is_key, is_required, refers_to,
    allowed_values
) as (
    values
    {%- for node in published_nodes() %}
    {%- set key = key_of(node) -%}
    {%- set targets = tests_by_column(node, 'relationships') -%}
    {%- set domains = tests_by_column(node, 'accepted_values') -%}
    {%- for column in node.columns.values() %}
    {%- set target = targets.get(column.name) %}
        (
            {{ sql_text(node.name) }},
            {{ loop.index }},
            {{ sql_text(column.name) }},
            {{ sql_text(column.data_type or node.config.column_types[column.name]) }},
            {{ sql_text(half(column.description, 0)) }},
            {{ sql_text(half(column.description, 1)) }},
            {{ column.name in key }},
            {{ column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 }},
            {{ sql_text(target.to.split("'")[1] ~ '.' ~ target.field) if target else 'null' }},
            {{ sql_texts(domains[column.name]['values']) if column.name in domains else 'null' }}
        ),
    {%- endfor %}
    {%- endfor %}
        (null, null, null, null, null, null, null, null, null, null)
)

select
    table_name, column_number, column_name, data_type, description_zh, description_en, is_key, is_required, refers_to,
    allowed_values
from described
where table_name is not null
order by table_name, column_number
