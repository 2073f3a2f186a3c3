-- 自评得分聚集在哪里：最多的得分、等级线上下各有多少？
-- Where do self scores clump: the most frequent score, and how many lie just above and just below the bound of a grade?
select
    fiscal_year, cohort_kind, cohort_name as cohort, with_self_score, most_frequent_score, most_frequent,
    round(100 * most_frequent_share, 1) as most_frequent_percent, round(concentration, 3) as concentration,
    just_above, just_below, lower_quartile, upper_quartile
from inflation_cohort
where most_frequent is not null
order by concentration desc, method_id, fiscal_year, cohort_kind, cohort_key;
