{#-
The completion rate of an actual against a target, by the indicator's direction; null where there is no ratio. Smaller is
better for all but a positive indicator: as much below the target as above it counts for or against, and a target of
zero is met or missed.
-#}
{% macro completion_rate(direction, actual, target, limit) -%}
    case
        when {{ direction }} = 'positive' then {{ ratio(actual, target, 6) }}
        when {{ limit }} = 0 then case when {{ actual }} <= 0 then 1 else 0 end::decimal(18, 8)
        else greatest(2 - {{ ratio(actual, limit, 6) }}, 0)::decimal(18, 8)
    end
{%- endmacro %}
