{#- A bound that the tables of self scores and evidence go by, from the seed `inflation_parameters`. -#}
{% macro inflation_bound(parameter) -%}
    (select value from {{ ref('inflation_parameters') }} where parameter = '{{ parameter }}')
{%- endmacro %}

{#- The mean of decimals of eight places, exact: a sum of whole numbers over their count. -#}
{% macro exact_mean(value) -%}
    {{ in_eighths(rounded_quotient('(sum(' ~ whole(value, 8) ~ '))::hugeint', 'count(' ~ value ~ ')')) }}
{%- endmacro %}

{#- The median of decimals of eight places, exact: half the sum of the two in the middle, which may be the same one. -#}
{% macro exact_median(value) -%}
    {%- set ordered -%}
        list_sort(list({{ whole(value, 8) }}) filter (where {{ value }} is not null))
    {%- endset -%}
    {%- set count = 'count(' ~ value ~ ')' -%}
    {{ in_eighths(rounded_quotient(
        '(' ~ ordered ~ '[(' ~ count ~ ' + 1) // 2] + ' ~ ordered ~ '[(' ~ count ~ ' + 2) // 2])', '2')) }}
{%- endmacro %}

{#- The smallest value that at least so many quarters of the values do not exceed (Hyndman and Fan 1996, type 1). -#}
{% macro quartile(value, quarters) -%}
    list_sort(list({{ value }}) filter (where {{ value }} is not null))[({{ quarters }} * count({{ value }}) + 3) // 4]
{%- endmacro %}
