-- A division's score is the mean over its members; one without a score counts with the method's score for the missing.
with counted as (
    select
        method_id, province_key, fiscal_year, division_key, league, bool_or(has_register) as has_register,
        count(*) as members,
        count(*) filter (where is_received) as received,
        count(*) filter (where is_accepted) as accepted,
        count(*) filter (where is_assessable) as assessable,
        count(*) filter (where score is null) as missing,
        sum(core_claims)::hugeint as core_claims,
        sum(verified_claims)::hugeint as verified_claims,
        sum({{ whole('score', 8) }})::hugeint as score_sum,
        {% for part in parts() -%}
            sum({{ whole(part ~ '_score', 8) }})::hugeint as {{ part }}_sum
            {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from {{ ref('int_division_member') }}
    group by method_id, province_key, fiscal_year, division_key, league
),

judged as (
    select
        counted.*,
        {{ whole('method.missing_score', 8) }} * missing as missing_sum,
        case
            when league is null then 'no_league'
            when received = 0 then 'not_submitted'
            when accepted = 0 then 'returned'
            when assessable = 0 then 'nothing_assessable'
            when has_register and assessable < method.coverage_floor * members then 'below_coverage_floor'
        end as unranked_reason
    from counted
    inner join {{ ref('int_ranking_method') }} as method on counted.method_id = method.method_id
)

select
    method_id, province_key, fiscal_year, division_key, league, has_register, members, received, accepted, assessable,
    core_claims, verified_claims, unranked_reason,
    unranked_reason is null as is_ranked,
    case when unranked_reason is null then
        {{ in_eighths(rounded_quotient('(coalesce(score_sum, 0) + missing_sum)', 'members')) }}
    end as score,
    {% for part in parts() -%}
        case when unranked_reason is null then
            {{ in_eighths(rounded_quotient(part ~ '_sum', 'members')) }}
        end as {{ part }}_score
        {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
from judged
