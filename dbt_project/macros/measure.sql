{#- A rate as a measure for a curve: none is read below zero, and no curve looks beyond a thousandfold. -#}
{% macro as_measure(rate) -%}
    case when {{ rate }} is not null then least(greatest({{ rate }}, 0), 1000) end::decimal(18, 12)
{%- endmacro %}

{#- A share of one count in another as a measure for a curve. -#}
{% macro share_as_measure(part, total) -%}
    ({{ rounded_quotient('(' ~ part ~ ' * 1000000000000)::hugeint', '(' ~ total ~ ')::hugeint') }}::decimal(18, 0)
        * 0.000000000001::decimal(12, 12))::decimal(18, 12)
{%- endmacro %}
