{#- The day of a moment where people read it. -#}
{% macro local_day(moment) -%}
    ({{ moment }} at time zone 'UTC' + to_hours({{ var('utc_offset_hours') }}))::date
{%- endmacro %}
