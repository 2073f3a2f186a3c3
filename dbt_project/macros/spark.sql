{#-
What dbt does otherwise on Spark. Models are written once, for DuckDB; `adapter.translated` (jiheng/spark/dialect.py)
turns what they say into Spark's words, here, where dbt puts it into a statement.
-#}

{% macro spark__create_schema(relation) -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier() }}
        location '{{ env_var('JIHENG_SPARK_TABLES') }}/{{ relation.schema }}'
    {%- endcall -%}
{%- endmacro %}

{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'python' -%}
        {#- On a line of its own: a call of this macro is indented, and Python minds. #}
{{ compiled_code }}
    {%- else -%}
        {%- set query = adapter.translated(compiled_code) -%}
        {%- if config.get('contract').enforced -%}
            {{ get_assert_columns_equivalent(query) }}
            {%- set query = get_select_subquery(query) -%}
        {%- endif -%}
        create table {{ relation }} using parquet {{ comment_clause() }} as
        {{ query }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
    create or replace view {{ relation }} {{ comment_clause() }} as
    {{ adapter.translated(sql) }}
{%- endmacro %}

{#- The types that a contract names, as a query that has them. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
        {% for column in columns.values() -%}
            cast(null as {{ adapter.translated_type(column.data_type) }}) as `{{ column.name }}`
            {%- if not loop.last %}, {% endif %}
        {%- endfor %}
{%- endmacro %}

{#- A contract's columns in its order. Parquet knows no constraints, so one that may not be null fails as it is written. -#}
{% macro spark__get_select_subquery(sql) -%}
    select
        {% for column in model.columns.values() -%}
            {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
                coalesce(`{{ column.name }}`, raise_error('{{ model.name }}.{{ column.name }} is null')) as `{{ column.name }}`
            {%- else -%}
                `{{ column.name }}`
            {%- endif -%}
            {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from ({{ sql }}) as model
{%- endmacro %}

{% macro spark__persist_constraints(relation, model) -%}{%- endmacro %}

{% macro spark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ default__get_test_sql(adapter.translated(main_sql), fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{#- A seed is written in one statement: dbt-spark binds value by value, amounts as floats and nulls as the word None. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model.config.column_types -%}
    {%- set query -%}
        select
            {% for name in agate_table.column_names -%}
                "{{ name }}"::{{ types[name] }} as "{{ name }}"{% if not loop.last %}, {% endif %}
            {%- endfor %}
        from (
            values
            {% for row in agate_table.rows -%}
                ({% for value in row %}{{ 'null' if value is none else sql_text(value) }}::varchar
                {%- if not loop.last %}, {% endif %}{% endfor %}){% if not loop.last %}, {% endif %}
            {% endfor -%}
        ) as rows ({% for name in agate_table.column_names %}"{{ name }}"{% if not loop.last %}, {% endif %}{% endfor %})
    {%- endset -%}
    {%- set sql -%}
        create table {{ this }} using parquet {{ comment_clause() }} as {{ adapter.translated(query) }}
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {{ return('') }}
{%- endmacro %}
