-- Every published table as this project describes it; what is described is the project, so no data plays a part.
{%- set nodes = published_nodes() -%}
{%- set published = nodes | map(attribute='unique_id') | list %}

with described (
    table_name, subject, owner, grain_zh, grain_en, note_zh, note_en, key_columns, made_from, lake_tables, used_by
) as (
    values
    {%- for node in nodes %}
    {%- set en = sentences(half(node.description, 0), '. ') -%}
    {%- set zh = sentences(half(node.description, 1), '。') -%}
    {%- set nearest = names_of(ancestors(node, published), ('model', 'seed'), published) %}
        (
            {{ sql_text(node.name) }},
            {{ sql_text('reference' if node.resource_type == 'seed' else node.fqn[-2]) }},
            {{ sql_text(node.config.meta.owner) }},
            {{ sql_text(zh[0]) }},
            {{ sql_text(en[0]) }},
            {{ sql_text(zh[1]) }},
            {{ sql_text(en[1]) }},
            {{ sql_texts(key_of(node)) }},
            {{ sql_texts(nearest) }},
            {{ sql_texts(names_of(ancestors(node), ('source',))) }},
            {{ sql_texts(users_of(node)) }}
        ),
    {%- endfor %}
        (null, null, null, null, null, null, null, null, null, null, null)
)

select
    table_name, subject, owner, grain_zh, grain_en, note_zh, note_en, key_columns, made_from, lake_tables, used_by
from described
where table_name is not null
order by table_name
