{#- A place stands inside its interval and among those it counts; an unranked row has a reason and no place. -#}
{% test place_is_sound(model) %}
select *
from {{ model }}
where is_ranked != (rank is not null)
    or is_ranked != (unranked_reason is null)
    or (is_ranked and (rank_low is null or rank_high is null or rank not between rank_low and rank_high))
    or (is_ranked and rank_high > ranked_units)
    or (is_tied and not is_ranked)
{% endtest %}
