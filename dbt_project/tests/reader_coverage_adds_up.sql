-- Every digit is claimed, noise or unclaimed, and the classes of the versions make up the sums.
with classes as (
    select
        submission.fiscal_year, submission.media_type, submission.division_key,
        sum(coverage.digit_count) filter (where coverage.outcome = 'claimed') as claimed,
        sum(coverage.digit_count) filter (where coverage.outcome = 'noise') as noise,
        sum(coverage.digit_count) filter (where coverage.outcome = 'unclaimed') as unclaimed
    from {{ ref('fct_coverage') }} as coverage
    inner join {{ ref('dim_submission') }} as submission
        on coverage.submission_version_id = submission.submission_version_id
    group by submission.fiscal_year, submission.media_type, submission.division_key
)

select summed.*
from {{ ref('reader_coverage') }} as summed
left join classes
    on summed.fiscal_year = classes.fiscal_year
    and summed.media_type is not distinct from classes.media_type
    and summed.division_key = classes.division_key
where summed.digits is distinct from summed.claimed + summed.noise + summed.unclaimed
    or summed.claimed is distinct from coalesce(classes.claimed, 0)
    or summed.noise is distinct from coalesce(classes.noise, 0)
    or summed.unclaimed is distinct from coalesce(classes.unclaimed, 0)
