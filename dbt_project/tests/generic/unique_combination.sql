{#- No two rows have the same values in these columns, and none of them is null but those that may be. -#}
{% test unique_combination(model, columns, nullable=[]) %}
select {{ columns | join(', ') }}, count(*) as number_of_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {% for column in columns if column not in nullable %} or {{ column }} is null{% endfor %}
{% endtest %}
