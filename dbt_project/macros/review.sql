{#-
The words that a question of the review queue is about. A figure without a name of its own is known by its sentence,
with the figure marked, so that an answer holds for these words only.
-#}
{% macro asked_words(claim) -%}
    case
        when length(trim({{ claim }}.surface)) >= 2 then trim({{ claim }}.surface)
        else replace({{ claim }}.sentence, {{ claim }}.quote, concat('【', {{ claim }}.quote, '】'))
    end
{%- endmacro %}

{#- The key of a question, by which an answer finds it again in any build. -#}
{% macro review_item_id(question, surface, unit_family) -%}
    left(sha256(concat_ws('|', {{ question }}, {{ unit_family }}, {{ surface }})), 12)
{%- endmacro %}
