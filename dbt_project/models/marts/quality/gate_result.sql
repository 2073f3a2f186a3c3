-- The gate judges a finished build and writes its rows here; the build leaves the table empty.
select
    null::varchar as edition_id,
    null::varchar as expectation_id,
    null::varchar as suite,
    null::varchar as suite_zh,
    null::varchar as severity,
    null::varchar as owner,
    null::bigint as checked,
    null::bigint as failed,
    null::bigint as keys,
    null::varchar as decision,
    null::varchar as message_zh,
    null::varchar as message_en,
    null::varchar as reason,
    null::varchar as release_zh,
    null::varchar as release_en,
    null::boolean as waivable,
    null::varchar as waiver_id,
    null::varchar as expired_waiver_id,
    null::varchar[] as sample_keys
where false
