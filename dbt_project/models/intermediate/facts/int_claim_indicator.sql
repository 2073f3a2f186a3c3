-- Which indicator a claim is about: by the alias table, inside the unit family; else as the reader said, if it is one.
with claims as (
    select claim_id, kind, subject, surface, unit_base
    from {{ latest_reading('stg_claim', 'claim_id') }} as latest
    where kind in ('indicator', 'completion_rate', 'growth')
)

select
    claims.claim_id,
    coalesce(alias.indicator_key, known.indicator_key) as indicator_key
from claims
left join {{ ref('unit_families') }} as family on claims.unit_base = family.unit_base
left join {{ ref('indicator_aliases') }} as alias
    on claims.kind = 'indicator'
    and claims.surface = alias.surface
    and family.unit_family = alias.unit_family
left join {{ ref('indicators') }} as known on claims.subject = known.indicator_key
where coalesce(alias.indicator_key, known.indicator_key) is not null
