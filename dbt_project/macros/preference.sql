{#-
How far a claim is from what the policies of its kind prefer, one value a policy in the order of their ranks: the
smallest list wins. `policy` is a row of `policies()`.
`claim` and `policy` are aliases; `chosen` is a claim that was chosen before, when the policy looks at one.
-#}
{% macro preference_key(claim='claim', policy='policy', chosen='') -%}
    list_transform({{ policy }}.steps, lambda step:
        case step.preference
            when 'verification' then
                case {{ claim }}.verification when 'verified' then 0 when 'unverifiable' then 1 else 2 end
            when 'full_period' then case when {{ covers_year(claim) }} then 0 else 1 end
            when 'form' then case when {{ claim }}.origin = 'form' then 0 else 1 end
            when 'section' then
                case when regexp_matches(coalesce({{ claim }}.section_path, ''), step.detail) then 0 else 1 end
            when 'first_stated' then {{ claim }}.span_start
            when 'last_stated' then -{{ claim }}.span_start
            when 'handed_down' then
                case when regexp_matches(concat_ws(' ', {{ claim }}.surface, {{ claim }}.quote, {{ claim }}.sentence),
                    step.detail) then 0 else 1 end
            {%- if chosen %}
            when 'same_host' then case when {{ claim }}.host_claim_id = {{ chosen }}.claim_id then 0 else 1 end
            when 'same_unit' then case when {{ claim }}.unit_base = {{ chosen }}.unit_base then 0 else 1 end
            when 'same_section' then
                case when {{ chapter(claim) }} = {{ chapter(chosen) }} then 0 else 1 end
            {%- endif %}
        end
    )
{%- endmacro %}

{#- The policies of each kind in the order of their ranks: the rows of `reconciliation_policies` as two lists. -#}
{% macro policies() -%}
    (
        select
            kind,
            list(policy_id order by rank) as policy_ids,
            list({'preference': preference, 'detail': detail} order by rank) as steps
        from {{ ref('reconciliation_policies') }}
        group by kind
    )
{%- endmacro %}

{#- The place of a claim among those that compete with it; claims that no policy tells apart go by their keys. -#}
{% macro position(competition) -%}
    (row_number() over (partition by {{ competition }} order by preference, claim_id))::integer as position
{%- endmacro %}

{#-
Whether a claim (with its version's fiscal year beside it) speaks of the whole of that year; no period means the year
that is reported on.
-#}
{% macro covers_year(claim) -%}
    (coalesce({{ claim }}.period_start <= make_date({{ claim }}.fiscal_year::bigint, 1, 1), true)
        and coalesce({{ claim }}.period_end >= make_date({{ claim }}.fiscal_year::bigint, 12, 31), true))
{%- endmacro %}

{#- Whether a claim's period lies in the fiscal year; no period means the year that is reported on. -#}
{% macro within_year(claim) -%}
    (coalesce(year({{ claim }}.period_start) = {{ claim }}.fiscal_year, true)
        and coalesce(year({{ claim }}.period_end) = {{ claim }}.fiscal_year, true))
{%- endmacro %}

{#- The top two levels of a claim's section. -#}
{% macro chapter(claim) -%}
    array_to_string(string_split(coalesce({{ claim }}.section_path, ''), ' > ')[1:2], ' > ')
{%- endmacro %}
