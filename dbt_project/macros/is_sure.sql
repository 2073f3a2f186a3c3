{#-
Whether a claim may become a fact: an identity proves it, or the reader was sure enough of it. A figure of a scan whose
two readings differ is neither.
-#}
{% macro is_sure(claim) -%}
    ({{ claim }}.confidence >= 0.5 or {{ claim }}.verification = 'verified')
{%- endmacro %}
