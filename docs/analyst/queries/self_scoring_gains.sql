-- 哪些区划因自评得益最多：按平均自评得分比按平均证据得分靠前几位？
-- Which divisions gain most by self-scoring: how many places ahead by mean self score than by mean evidence?
select
    fiscal_year, league, cohort_name as division, places_gained, place_by_self_score, place_by_evidence, compared,
    round(mean_gap, 2) as mean_gap, round(median_gap, 2) as median_gap, with_both, departments,
    round(100 * claims_top_share, 1) as claims_top_percent, round(100 * evidence_top_share, 1) as evidence_top_percent
from inflation_cohort
where cohort_kind = 'division' and compared > 1
order by places_gained desc, mean_gap desc, method_id, fiscal_year, cohort_key;
