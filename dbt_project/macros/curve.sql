{#-
A method's curve turns a measure into a share of the points: straight lines between its given points, flat before the
first and after the last. `segment` is a row of `int_curve_segment` that holds the measure.
-#}
{% macro share_on_curve(measure, segment) -%}
    (
        {{ whole(segment ~ '.from_share', 16) }}
        + coalesce({{ rounded_quotient(
            '(' ~ whole(segment ~ '.to_share - ' ~ segment ~ '.from_share', 8)
                ~ ' * greatest(' ~ whole(measure ~ ' - ' ~ segment ~ '.from_measure', 12) ~ ', 0) * 100000000)',
            whole(segment ~ '.to_measure - ' ~ segment ~ '.from_measure', 12)) }}, 0)
    )
{%- endmacro %}

{#- Whether a segment holds a measure: the first one also what lies before it, the last one all that lies after it. -#}
{% macro within_segment(measure, segment) -%}
    ({{ measure }} >= {{ segment }}.from_measure or {{ segment }}.is_first)
    and ({{ measure }} < {{ segment }}.to_measure or {{ segment }}.to_measure is null)
{%- endmacro %}
