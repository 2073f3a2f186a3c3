{#- The night's as-of time. Nothing recorded after it exists for this build. -#}
{% macro as_of() -%}
    '{{ night('as_of') }}'::timestamptz
{%- endmacro %}

{#- The day of the night: due dates and last days of waivers are compared with it. -#}
{% macro as_of_day() -%}
    '{{ night('as_of_day') }}'::date
{%- endmacro %}

{#- Rows of a lake table that were recorded by the as-of time. -#}
{% macro as_known(table) -%}
    (select * from {{ source('lake', table) }} where recorded_at <= {{ as_of() }})
{%- endmacro %}
