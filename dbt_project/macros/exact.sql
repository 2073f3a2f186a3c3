{#-
Exact arithmetic. Division of decimals in DuckDB gives a float, so quotients are taken of whole numbers and rounded
half away from zero. A quotient beyond DECIMAL(18,8), or by zero, is null.

Spark has no whole numbers beyond 64 bits: there a whole number is DECIMAL(38,0), which is what HUGEINT is read as. Two
things differ by that and have a form of their own.
-#}

{#- A decimal as a whole number of 10^-places. The wide factor keeps DuckDB from multiplying in 64 bits. -#}
{% macro whole(value, places) -%}
    {{ adapter.dispatch('whole')(value, places) }}
{%- endmacro %}

{% macro default__whole(value, places) -%}
    (({{ value }}) * {{ 10 ** places }}::decimal(19, 0))::hugeint
{%- endmacro %}

{#- A product of decimals keeps its places on Spark as long as the digits of both make 37 at most. -#}
{% macro spark__whole(value, places) -%}
    (({{ value }})::decimal({{ 36 - places }}, {{ places }}) * {{ 10 ** places }}::decimal({{ places + 1 }}, 0))::hugeint
{%- endmacro %}

{#- The quotient of two whole numbers, rounded half away from zero; null when the divisor is zero or null. -#}
{% macro rounded_quotient(numerator, divisor) -%}
    {{ adapter.dispatch('rounded_quotient')(numerator, divisor) }}
{%- endmacro %}

{% macro default__rounded_quotient(numerator, divisor) -%}
    (sign({{ numerator }}) * sign({{ divisor }})
        * ((2 * abs({{ numerator }}) + abs({{ divisor }})) // (2 * abs(nullif({{ divisor }}, 0)))))
{%- endmacro %}

{#- Spark's signs are floats and its `div` has 64 bits. Without the remainder, a quotient of decimals is exact. -#}
{% macro spark__rounded_quotient(numerator, divisor) -%}
    {%- set doubled = '(2 * abs((' ~ numerator ~ ')::hugeint) + abs((' ~ divisor ~ ')::hugeint))::hugeint' -%}
    {%- set twice = '(2 * abs(nullif((' ~ divisor ~ ')::hugeint, 0)))::hugeint' -%}
    (case when ({{ numerator }} < 0) != ({{ divisor }} < 0) then -1 else 1 end
        * (({{ doubled }} - {{ doubled }} % {{ twice }}) / {{ twice }})::hugeint)
{%- endmacro %}

{#- A whole number of 10^-8 as DECIMAL(18,8): points and rates. -#}
{% macro in_eighths(value) -%}
    try_cast(try_cast({{ value }} as decimal(18, 0)) * 0.00000001::decimal(8, 8) as decimal(18, 8))
{%- endmacro %}

{#- A whole number of 10^-16 as DECIMAL(18,16): shares on their way to a score, which is rounded once. -#}
{% macro in_sixteenths(value) -%}
    try_cast(
        try_cast({{ value }} as decimal(18, 0)) * 0.0000000000000001::decimal(16, 16) as decimal(18, 16))
{%- endmacro %}

{#- numerator / divisor as DECIMAL(18,8); both are decimals of at most `places` decimal places. -#}
{% macro ratio(numerator, divisor, places) -%}
    {{ in_eighths(rounded_quotient('(' ~ whole(numerator, places) ~ ' * 100000000)', whole(divisor, places))) }}
{%- endmacro %}

{#- A share of one count in another as DECIMAL(9,6); null where there is nothing to share. -#}
{% macro share(part, total) -%}
    {%- set millionths = rounded_quotient('(' ~ part ~ ' * 1000000)::hugeint', '(' ~ total ~ ')::hugeint') -%}
    ({{ millionths }}::decimal(9, 0) * 0.000001::decimal(6, 6))::decimal(9, 6)
{%- endmacro %}
