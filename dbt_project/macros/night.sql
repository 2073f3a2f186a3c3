{#-
A value of the night: `as_of`, `as_of_day`, `edition_id` or `previous_edition`. Whoever runs a night gives it in the
environment and not as a variable, for dbt would parse the whole project anew for each variable that changed; and it is
looked up only as a statement is made, for dbt would parse anew what had looked it up before.
-#}
{% macro night(name) -%}
    {{ return(env_var('JIHENG_' ~ name | upper, var(name)) if execute else var(name)) }}
{%- endmacro %}
