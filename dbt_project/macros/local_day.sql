{#- The day of a moment where people read it. -#}
{% macro local_day(moment) -%}
    {{ adapter.dispatch('local_day')(moment) }}
{%- endmacro %}

{% macro default__local_day(moment) -%}
    ({{ moment }} at time zone 'UTC' + to_hours({{ var('utc_offset_hours') }}))::date
{%- endmacro %}

{#- Spark's dates are those of its session, which is in UTC. -#}
{% macro spark__local_day(moment) -%}
    ({{ moment }} + interval '{{ var('utc_offset_hours') }}' hour)::date
{%- endmacro %}
