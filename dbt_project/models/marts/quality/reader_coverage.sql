-- How much of what was handed in the reader understood, digit by digit; every version counts, superseded ones too.
select
    fiscal_year, media_type, division_key,
    count(*)::integer as versions,
    sum(digit_count)::bigint as digits,
    sum(claimed_digit_count)::bigint as claimed,
    sum(noise_digit_count)::bigint as noise,
    sum(unclaimed_digit_count)::bigint as unclaimed,
    {{ share('sum(claimed_digit_count)', 'sum(digit_count)') }} as claimed_share,
    {{ share('sum(noise_digit_count)', 'sum(digit_count)') }} as noise_share,
    {{ share('sum(unclaimed_digit_count)', 'sum(digit_count)') }} as unclaimed_share
from {{ ref('dim_submission') }}
group by fiscal_year, media_type, division_key
order by fiscal_year, media_type, division_key
