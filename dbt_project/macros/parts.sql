{#- The parts of every method: each has a column of its own in the rankings, so their names belong to the contract. -#}
{% macro parts() -%}
    {{ return(['execution', 'outcome', 'reliability', 'completeness']) }}
{%- endmacro %}
