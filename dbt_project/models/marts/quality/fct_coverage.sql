-- What became of the digits of each version, class by class. What nothing explains is shown with the words around it.
select
    coverage.submission_version_id, coverage.class_id,
    case
        when coverage.class_id in ('claimed', 'unclaimed') then coverage.class_id else 'noise'
    end as outcome,
    coverage.digit_count::integer as digit_count, coverage.examples
from {{ latest_reading('stg_coverage', 'submission_version_id, rows.class_id') }} as coverage
order by coverage.submission_version_id, coverage.class_id
