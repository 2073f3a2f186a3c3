{#-
The edition before this one, read from its Parquet. An older program may have made it: whoever asks for tables or columns
that it lacks gets no rows rather than an error.
-#}

{#- Where a table of the previous edition lies. -#}
{% macro previous_file(table) -%}
    {{ return("'" ~ (night('previous_edition') | replace("'", "''")) ~ "/parquet/" ~ table ~ ".parquet'") }}
{%- endmacro %}

{#- Whether the previous edition holds all these columns: a mapping of tables to the columns that are read of each. -#}
{% macro previous_has(wanted) -%}
    {%- if not execute or not night('previous_edition') -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set lacking = [] -%}
    {%- for table, columns in wanted.items() -%}
        {%- set names = adapter.dispatch('columns_of_file')(previous_file(table)) -%}
        {%- do lacking.extend(columns | map('replace', '"', '') | reject('in', names) | list) -%}
    {%- endfor -%}
    {{ return(not lacking) }}
{%- endmacro %}

{#- The columns of a file; none, where there is no such file. -#}
{% macro default__columns_of_file(file) -%}
    {%- if run_query("select count(*) from glob(" ~ file ~ ")").columns[0].values()[0] == 0 -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(run_query("select name from parquet_schema(" ~ file ~ ")").columns[0].values() | list) }}
{%- endmacro %}

{% macro spark__columns_of_file(file) -%}
    {{ return(adapter.columns_of_file(file[1:-1] | replace("''", "'"))) }}
{%- endmacro %}

{#- What movements are worked out from: these tables and columns of the previous edition, all of them or none. -#}
{% macro movement_sources() -%}
    {{ return({
        'ranking_methods': {'method_id': 'varchar', 'status': 'varchar'},
        'rank_division': {
            'method_id': 'varchar', 'province_key': 'varchar', 'fiscal_year': 'integer', 'division_key': 'varchar',
            'league': 'varchar', 'rank': 'integer', 'score': 'decimal(18,8)'},
        'rank_department': {
            'method_id': 'varchar', 'province_key': 'varchar', 'fiscal_year': 'integer', '"function"': 'varchar',
            'department_key': 'varchar', 'division_key': 'varchar', 'due': 'integer', 'rank': 'integer',
            'score': 'decimal(18,8)'},
        'dim_submission': {
            'submission_version_id': 'varchar', 'department_key': 'varchar', 'fiscal_year': 'integer',
            'received_at': 'timestamptz', 'status': 'varchar', 'is_current': 'boolean', 'reader_version': 'varchar'},
    }) }}
{%- endmacro %}

{#- What the history is carried on from: both tables of the previous edition, or neither. -#}
{% macro history_sources() -%}
    {{ return({
        'edition_history': {
            'position': 'integer', 'edition_id': 'varchar', 'as_of': 'timestamptz', 'night_on': 'date',
            'method_ids': 'varchar[]'},
        'rank_division_history': {
            'method_id': 'varchar', 'fiscal_year': 'integer', 'division_key': 'varchar', 'since_edition_id': 'varchar',
            'since_as_of': 'timestamptz', 'league': 'varchar', 'is_ranked': 'boolean', 'rank': 'integer',
            'rank_low': 'integer', 'rank_high': 'integer', 'score': 'decimal(18,8)', 'is_provisional': 'boolean',
            'units': 'integer'},
    }) }}
{%- endmacro %}

{#- A table of the previous edition, as far as it is read: no rows unless all these tables and columns are there. -#}
{% macro previous_rows(table, sources) -%}
    {%- set is_there = previous_has(sources) -%}
    select
        {% for column, kind in sources[table].items() -%}
            {{ column if is_there else 'null' }}::{{ kind }} as {{ column }}
            {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    {% if is_there -%}
    from read_parquet({{ previous_file(table) }})
    {%- else -%}
    where false
    {%- endif -%}
{%- endmacro %}
