with asked as (
    select
        question.review_item_id, question.question, question.surface, question.unit_family, claim.claim_id, claim.kind,
        claim.unit, claim.sentence, claim.submission_version_id, version.division_key, version.received_at
    from {{ ref('int_claim_question') }} as question
    inner join {{ ref('int_claim') }} as claim on question.claim_id = claim.claim_id
    inner join {{ ref('int_submission_version') }} as version
        on claim.submission_version_id = version.submission_version_id
),

candidates as (
    select
        review_item_id,
        list(indicator_key order by position) as candidates,
        list(similarity order by position) as similarities
    from {{ ref('int_review_candidate') }}
    group by review_item_id
)

select
    asked.review_item_id,
    any_value(asked.question) as question,
    any_value(asked.surface) as surface,
    any_value(asked.unit_family) as unit_family,
    list(distinct asked.unit order by asked.unit) filter (where asked.unit != '') as units,
    count(*)::integer as claim_count,
    count(distinct asked.submission_version_id)::integer as version_count,
    count(distinct asked.division_key)::integer as division_count,
    min(asked.received_at) as first_seen_at,
    max(asked.received_at) as last_seen_at,
    first(asked.claim_id order by asked.received_at desc, asked.claim_id) as example_claim_id,
    first(asked.sentence order by asked.received_at desc, asked.claim_id) as example,
    coalesce(any_value(candidates.candidates), []::varchar[]) as candidates,
    coalesce(any_value(candidates.similarities), []::integer[]) as similarities
from asked
left join candidates on asked.review_item_id = candidates.review_item_id
group by asked.review_item_id
order by claim_count desc, asked.review_item_id
