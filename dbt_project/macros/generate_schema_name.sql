{#- A model's schema is the one it names, else the target's: no prefix, since each edition has a file of its own. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
