{#-
What this project says of its own published tables, read from dbt's graph while a build runs: so the facts of the
manifest travel into every edition as two tables, and whoever publishes or asks never needs dbt.
-#}

{#- Models and seeds of the published schema, by name. While dbt only parses, its graph is not whole: then none. -#}
{% macro published_nodes() -%}
    {%- set found = [] -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type in ('model', 'seed') and node.schema == target.schema -%}
        {%- do found.append(node) -%}
    {%- endfor -%}
    {{ return(found | sort(attribute='name')) }}
{%- endmacro %}

{#- The data tests of a kind that hang on a node. -#}
{% macro tests_on(node, kind) -%}
    {%- set found = [] -%}
    {%- for test in graph.nodes.values() | sort(attribute='unique_id')
        if test.resource_type == 'test' and test.attached_node == node.unique_id
        and test.test_metadata and test.test_metadata.name == kind -%}
        {%- do found.append(test) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The arguments of a node's column tests of a kind, by column. -#}
{% macro tests_by_column(node, kind) -%}
    {%- set found = {} -%}
    {%- for test in tests_on(node, kind) -%}
        {%- do found.update({test.column_name: test.test_metadata.kwargs}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The key of a table: the shortest set of columns that a test holds to be unique. -#}
{% macro key_of(node) -%}
    {%- set shortest = namespace(key=[]) -%}
    {%- for test in tests_on(node, 'unique_combination')
        if not shortest.key or test.test_metadata.kwargs.columns | length < shortest.key | length -%}
        {%- set shortest.key = test.test_metadata.kwargs.columns -%}
    {%- endfor -%}
    {{ return(shortest.key) }}
{%- endmacro %}

{#- Ids of all that a node is made from, over all steps, or only as far as the nearest published tables. -#}
{% macro ancestors(node, published=none) -%}
    {%- set ids = [node.unique_id] -%}
    {#- The list grows while it is walked, so that every ancestor has its turn, once. -#}
    {%- for id in ids if id in graph.nodes and (id == node.unique_id or not published or id not in published) -%}
        {%- for parent in graph.nodes[id].depends_on.nodes or [] if parent not in ids -%}
            {%- do ids.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(ids[1:] | sort) }}
{%- endmacro %}

{#- Names of those of `ids` that begin with a kind, such as `source`, and are among `known` where that is given. -#}
{% macro names_of(ids, kinds, known=none) -%}
    {%- set names = [] -%}
    {%- for id in ids if id.split('.')[0] in kinds and (known is none or id in known) -%}
        {%- do names.append(id.split('.') | last) -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{%- endmacro %}

{#- Labels of the exposures that read a node. -#}
{% macro users_of(node) -%}
    {%- set names = [] -%}
    {%- for exposure in graph.exposures.values() if node.unique_id in exposure.depends_on.nodes -%}
        {%- do names.append(exposure.label) -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{%- endmacro %}

{#- Descriptions have two halves, ` · ` between them; those of tables begin in English, those of columns in Chinese. -#}
{% macro half(description, number) -%}
    {{ return((description.split(' · ') + [''])[number]) }}
{%- endmacro %}

{#- The first sentence, which says what one row is, and what comes after it. -#}
{% macro sentences(text, stop) -%}
    {%- set first = text.split(stop)[0] -%}
    {%- set mark = '' if first.endswith(stop | trim) else stop | trim -%}
    {{ return([first ~ mark, text.split(stop)[1:] | join(stop)]) }}
{%- endmacro %}

{% macro sql_text(value) -%}
    {{ return("'" ~ (value | string | replace("'", "''")) ~ "'") }}
{%- endmacro %}

{% macro sql_texts(values) -%}
    {%- set quoted = [] -%}
    {%- for value in values -%}
        {%- do quoted.append(sql_text(value)) -%}
    {%- endfor -%}
    {{ return('[' ~ (quoted | join(', ')) ~ ']::varchar[]') }}
{%- endmacro %}
