{#-
Rows of a staging model that belong to the latest reading of their version: recorded with it or after it. A row that
was recorded again replaces the earlier one of the same key. Nearly all versions are written in one batch, where every
key is there once: only the rows of the others are put in order, which for all of them would cost the most of a build.
-#}
{% macro latest_reading(model, key) -%}
    (
        with landed as not materialized (
            select rows.*
            from {{ ref(model) }} as rows
            inner join {{ ref('int_submission_version') }} as reading
                on rows.submission_version_id = reading.submission_version_id
                and rows.recorded_at >= reading.recorded_at
        ),

        written_again as (
            select submission_version_id
            from landed
            group by submission_version_id
            having min(recorded_at) != max(recorded_at) or min(batch_id) != max(batch_id)
        )

        select rows.*
        from landed as rows
        anti join written_again on rows.submission_version_id = written_again.submission_version_id
        union all
        select *
        from (
            select rows.*
            from landed as rows
            semi join written_again on rows.submission_version_id = written_again.submission_version_id
            qualify row_number() over (
                partition by rows.{{ key }} order by rows.recorded_at desc, rows.batch_id desc
            ) = 1
        )
    )
{%- endmacro %}
