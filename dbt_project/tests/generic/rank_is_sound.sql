{#-
What a rank promises: it stands on evidence and inside its interval; an unranked row has a reason and no score; the
parts add up to the score but for the rounding of each.
-#}
{% test rank_is_sound(model) %}
select *
from {{ model }}
where is_ranked != (rank is not null)
    or is_ranked != (score is not null)
    or is_ranked != (unranked_reason is null)
    or (is_ranked and (rank_low is null or rank_high is null or rank not between rank_low and rank_high))
    or (is_ranked and assessable = 0)
    or (is_ranked and execution_score is null and outcome_score is null)
    or (is_tied and not is_ranked)
    or accepted > received
    or assessable > accepted
    or coalesce(received > due and not is_provisional and due > 0, false)
    or abs(
        {%- for part in parts() %}coalesce({{ part }}_score, 0){% if not loop.last %} + {% endif %}{% endfor -%}
        - score)
        > 0.00000004
{% endtest %}
