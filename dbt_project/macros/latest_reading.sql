{#-
Rows of a staging model that belong to the latest reading of their version: recorded with it or after it. A row that
was recorded again replaces the earlier one of the same key.
-#}
{% macro latest_reading(model, key) -%}
    (
        select rows.*
        from {{ ref(model) }} as rows
        inner join {{ ref('int_submission_version') }} as reading
            on rows.submission_version_id = reading.submission_version_id
            and rows.recorded_at >= reading.recorded_at
        qualify row_number() over (partition by rows.{{ key }} order by rows.recorded_at desc, rows.batch_id desc) = 1
    )
{%- endmacro %}
