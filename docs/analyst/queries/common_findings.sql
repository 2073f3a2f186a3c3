-- 最常见的问题是哪些规则查出的？涉及多少份报告、多少个区划？
-- Which rules fail most often, in how many reports and divisions?
select
    f.severity, f.rule_id, r.title_zh, r.title_en, count(*) as findings,
    count(distinct f.submission_version_id) as reports, count(distinct s.division_key) as divisions,
    count(*) filter (where f.is_open) as still_open, any_value(f.message_zh order by f.finding_id) as example
from fct_finding f
join dim_submission s using (submission_version_id)
join rules r using (rule_id)
where f.outcome = 'fail' and s.is_current
group by all
order by reports desc, findings desc, f.rule_id;
