"""A small made-up edition with every case that the publication side must keep apart.

Two provinces; two counties that tie; one unranked; one report returned with a P0 finding of two quotations; a report
without an adjusted budget; a name with markup; a file name that a spreadsheet would run as a formula.

Filings in every state: overdue, not due yet, returned past its day to be mended, withdrawn, without a register.
Findings that are waived, explained, caused by others, and more notes than a page shows at once; a reviewed score and
an appeal.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb

from jiheng.files import canonical_json, sha256_of_bytes
from publish import bulletin, corrections, datapackage, dictionary, editions, method, notice, site, workbook

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
AS_OF = "2026-11-21T18:00:00+00:00"
SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
MARKUP_NAME = '<b>坏</b>县 & "引号"'
FORMULA_NAME = "=cmd|' /C calc'!A0.docx"
SENTENCE = "2024年年初预算300.00万元,调整预算298.00万元,全年支出275.29万元,预算执行率92.38%。"

SCHEMA = """
CREATE TABLE dim_division (division_key VARCHAR, gb_code VARCHAR, mof_div_code VARCHAR, name VARCHAR, kind VARCHAR,
  region_group VARCHAR, league VARCHAR, fiscal_parent_key VARCHAR, map_parent_key VARCHAR, province_key VARCHAR,
  valid_from DATE, valid_to DATE, source VARCHAR);
CREATE TABLE dim_division_tile (division_key VARCHAR, tile_row INTEGER, tile_column INTEGER);
CREATE TABLE dim_department (department_key VARCHAR, division_key VARCHAR, name VARCHAR, functions VARCHAR[],
  valid_from DATE, valid_to DATE, succeeded_by VARCHAR, line_key VARCHAR);
CREATE TABLE dim_indicator (indicator_key VARCHAR, name VARCHAR, name_en VARCHAR, category VARCHAR,
  unit_family VARCHAR, direction VARCHAR);
CREATE TABLE dim_submission (submission_version_id VARCHAR, submission_id VARCHAR, division_key VARCHAR,
  department_key VARCHAR, fiscal_year INTEGER, version_number INTEGER, received_at TIMESTAMPTZ,
  first_received_at TIMESTAMPTZ, filled_on DATE,
  source_name VARCHAR, sha256 VARCHAR, media_type VARCHAR, status VARCHAR, verdict VARCHAR,
  is_current BOOLEAN, reader_version VARCHAR,
  character_count INTEGER, digit_count INTEGER, claimed_digit_count INTEGER, noise_digit_count INTEGER,
  unclaimed_digit_count INTEGER);
CREATE TABLE fct_claim (claim_id VARCHAR, submission_version_id VARCHAR, claim_number INTEGER, kind VARCHAR,
  subject VARCHAR, indicator_key VARCHAR, surface VARCHAR, role VARCHAR, operator VARCHAR, value DECIMAL(28,6),
  value_high DECIMAL(28,6), value_text VARCHAR, unit VARCHAR, value_base DECIMAL(28,6), unit_base VARCHAR,
  period_start DATE, period_end DATE, section_path VARCHAR, span_start INTEGER, span_end INTEGER, place VARCHAR,
  quote VARCHAR, sentence VARCHAR, host_claim_id VARCHAR, origin VARCHAR, confidence DECIMAL(4,3), rule_id VARCHAR,
  reader_version VARCHAR, verification VARCHAR);
CREATE TABLE fct_budget (submission_version_id VARCHAR, stage VARCHAR, category VARCHAR, amount_yuan DECIMAL(20,2),
  verification VARCHAR, claim_id VARCHAR);
CREATE TABLE fct_expenditure (submission_version_id VARCHAR, category VARCHAR, amount_yuan DECIMAL(20,2),
  adjusted_budget_yuan DECIMAL(20,2), execution_rate DECIMAL(18,8), stated_execution_rate DECIMAL(18,8),
  verification VARCHAR, claim_id VARCHAR, adjusted_budget_claim_id VARCHAR, stated_rate_claim_id VARCHAR);
CREATE TABLE fct_indicator_outcome (submission_version_id VARCHAR, indicator_key VARCHAR, period_start DATE,
  period_end DATE, target_operator VARCHAR, target_value DECIMAL(28,6), actual_value DECIMAL(28,6), unit VARCHAR,
  completion_rate DECIMAL(18,8), stated_completion_rate DECIMAL(18,8), is_assessable BOOLEAN,
  not_assessable_reason VARCHAR, verification VARCHAR, target_claim_id VARCHAR, actual_claim_id VARCHAR,
  stated_rate_claim_id VARCHAR);
CREATE TABLE fct_statement (statement_id VARCHAR, submission_version_id VARCHAR, kind VARCHAR, topic VARCHAR,
  operator VARCHAR, bound VARCHAR, span_start INTEGER, span_end INTEGER,
  place VARCHAR, quote VARCHAR);
CREATE TABLE fct_self_evaluation (submission_version_id VARCHAR, self_score DECIMAL(6,2), self_grade VARCHAR,
  recomputed_score DECIMAL(6,2), reviewed_score DECIMAL(6,2), score_claim_id VARCHAR, grade_claim_id VARCHAR);
CREATE TABLE fct_finding (finding_id VARCHAR, submission_version_id VARCHAR, rule_id VARCHAR, severity VARCHAR,
  outcome VARCHAR, message_zh VARCHAR, message_en VARCHAR, remedy_zh VARCHAR, claim_ids VARCHAR[],
  statement_ids VARCHAR[], passages STRUCT(section_path VARCHAR, quote VARCHAR)[], expected VARCHAR, found VARCHAR,
  explained_by VARCHAR, waiver_id VARCHAR, explanation VARCHAR, explanation_state VARCHAR, is_open BOOLEAN);
CREATE TABLE fct_act (act_id VARCHAR, kind VARCHAR, state VARCHAR, is_in_force BOOLEAN, submission_id VARCHAR,
  submission_version_id VARCHAR, division_key VARCHAR, department_key VARCHAR, fiscal_year INTEGER, rule_id VARCHAR,
  finding_id VARCHAR, refers_to VARCHAR, score DECIMAL(6,2), words VARCHAR, done_by VARCHAR, approved_by VARCHAR,
  valid_until DATE, done_at TIMESTAMPTZ);
CREATE TABLE filing_overview (division_key VARCHAR, department_key VARCHAR, fiscal_year INTEGER,
  department_name VARCHAR, province_key VARCHAR, is_due BOOLEAN, has_register BOOLEAN, due_on DATE, state VARCHAR,
  first_received_on DATE, last_received_on DATE, mend_by DATE, mend_days_late INTEGER, versions INTEGER,
  days_late INTEGER, p0_open INTEGER, p1_open INTEGER, p2_open INTEGER, submission_version_id VARCHAR);
CREATE TABLE filing_division (division_key VARCHAR, fiscal_year INTEGER, province_key VARCHAR, due INTEGER,
  received INTEGER, accepted INTEGER, returned INTEGER, mending_late INTEGER, overdue INTEGER, expected INTEGER,
  withdrawn INTEGER, beyond_register INTEGER, on_time INTEGER, on_time_of INTEGER, p0_open INTEGER, p1_open INTEGER,
  first_due_on DATE, last_due_on DATE);
CREATE TABLE filing_day (received_on DATE, division_key VARCHAR, files INTEGER, versions INTEGER,
  resubmissions INTEGER, returned INTEGER, quarantined INTEGER);
CREATE TABLE inflation_department (method_id VARCHAR, province_key VARCHAR, fiscal_year INTEGER, division_key VARCHAR,
  division_name VARCHAR, department_key VARCHAR, department_name VARCHAR, league VARCHAR, region_group VARCHAR,
  is_counted BOOLEAN, submission_version_id VARCHAR, self_score DECIMAL(6,2), execution_rate DECIMAL(18,8),
  completion_rate DECIMAL(18,8), evidence_score DECIMAL(18,8), gap DECIMAL(18,8), no_gap_reason VARCHAR,
  self_grade VARCHAR, claimed_grade VARCHAR, evidence_grade VARCHAR, is_claimed_top BOOLEAN, is_evidence_top BOOLEAN,
  score_claim_id VARCHAR, grade_claim_id VARCHAR, evidence_claim_ids VARCHAR[]);
CREATE TABLE inflation_cohort (method_id VARCHAR, province_key VARCHAR, fiscal_year INTEGER, cohort_kind VARCHAR,
  cohort_key VARCHAR, cohort_name VARCHAR, league VARCHAR, departments INTEGER, with_self_score INTEGER,
  with_evidence INTEGER, with_both INTEGER, mean_self_score DECIMAL(18,8), mean_evidence_score DECIMAL(18,8),
  mean_gap DECIMAL(18,8), median_gap DECIMAL(18,8), above_evidence INTEGER, above_share DECIMAL(9,6),
  below_evidence INTEGER, below_share DECIMAL(9,6), claims_top INTEGER, claims_top_share DECIMAL(9,6),
  evidence_top INTEGER, evidence_top_share DECIMAL(9,6), most_frequent_score DECIMAL(6,2), most_frequent INTEGER,
  most_frequent_share DECIMAL(9,6), concentration DECIMAL(9,6), just_above INTEGER, just_above_share DECIMAL(9,6),
  just_below INTEGER, just_below_share DECIMAL(9,6), lower_quartile DECIMAL(6,2), upper_quartile DECIMAL(6,2),
  compared INTEGER, place_by_self_score INTEGER, place_by_evidence INTEGER, places_gained INTEGER);
CREATE TABLE inflation_band (method_id VARCHAR, province_key VARCHAR, fiscal_year INTEGER, cohort_kind VARCHAR,
  cohort_key VARCHAR, band INTEGER, grade_from VARCHAR, by_self_score INTEGER, by_evidence INTEGER);
CREATE TABLE inflation_parameters AS SELECT * FROM (VALUES ('cohort.least', 3.00), ('clumping.least', 10.00),
  ('gap.notable', 5.00), ('threshold.window', 1.00)) AS p (parameter, value);
CREATE TABLE fct_stage_outcome (run_id VARCHAR, arrival_id VARCHAR, submission_version_id VARCHAR,
  source_name VARCHAR, stage VARCHAR, outcome VARCHAR, reason_code VARCHAR, counts VARCHAR, seconds DECIMAL(10,3));
CREATE TABLE rank_division (edition_id VARCHAR, method_id VARCHAR, province_key VARCHAR, fiscal_year INTEGER,
  division_key VARCHAR, league VARCHAR, rank INTEGER, rank_low INTEGER, rank_high INTEGER, is_tied BOOLEAN,
  score DECIMAL(18,8), execution_score DECIMAL(18,8), outcome_score DECIMAL(18,8), reliability_score DECIMAL(18,8),
  completeness_score DECIMAL(18,8), due INTEGER, received INTEGER, accepted INTEGER, assessable INTEGER,
  verified_share DECIMAL(9,6), is_ranked BOOLEAN, is_provisional BOOLEAN, unranked_reason VARCHAR,
  previous_rank INTEGER, indistinct_from VARCHAR[]);
CREATE TABLE rank_department (edition_id VARCHAR, method_id VARCHAR, province_key VARCHAR, fiscal_year INTEGER,
  "function" VARCHAR, department_key VARCHAR, division_key VARCHAR, league VARCHAR, rank INTEGER, rank_low INTEGER,
  rank_high INTEGER, is_tied BOOLEAN, score DECIMAL(18,8), execution_score DECIMAL(18,8), outcome_score DECIMAL(18,8),
  reliability_score DECIMAL(18,8), completeness_score DECIMAL(18,8), due INTEGER, received INTEGER, accepted INTEGER,
  assessable INTEGER, verified_share DECIMAL(9,6), is_ranked BOOLEAN, is_provisional BOOLEAN, unranked_reason VARCHAR,
  previous_rank INTEGER);
CREATE TABLE rank_division_scope (edition_id VARCHAR, method_id VARCHAR, fiscal_year INTEGER, scope VARCHAR,
  division_key VARCHAR, scope_key VARCHAR, rank INTEGER, rank_low INTEGER, rank_high INTEGER, is_tied BOOLEAN,
  ranked_units INTEGER, units INTEGER, indistinct_from VARCHAR[], is_ranked BOOLEAN);
CREATE TABLE rank_division_improvement (edition_id VARCHAR, method_id VARCHAR, province_key VARCHAR,
  fiscal_year INTEGER, league VARCHAR, division_key VARCHAR, rank INTEGER, rank_low INTEGER, rank_high INTEGER,
  is_tied BOOLEAN, ranked_units INTEGER, unranked_reason VARCHAR, score DECIMAL(18,8), score_before DECIMAL(18,8),
  improvement DECIMAL(18,8), improvement_low DECIMAL(18,8), improvement_high DECIMAL(18,8), is_ranked BOOLEAN);
CREATE TABLE rank_component (method_id VARCHAR, fiscal_year INTEGER, department_key VARCHAR, component VARCHAR,
  points DECIMAL(6,3), share DECIMAL(18,12), earned_points DECIMAL(18,8), items INTEGER, counted_items INTEGER,
  is_assessable BOOLEAN, not_assessable_reason VARCHAR, submission_version_id VARCHAR);
CREATE TABLE not_assessable_reasons AS SELECT 'no_targets' AS code, '没有写目标' AS zh, 'No target is stated' AS en;
CREATE TABLE gate_result (edition_id VARCHAR, expectation_id VARCHAR, suite VARCHAR, severity VARCHAR,
  checked INTEGER, failed INTEGER, decision VARCHAR, message_zh VARCHAR, message_en VARCHAR, waiver_id VARCHAR,
  sample_keys VARCHAR[]);
CREATE TABLE movement_division (edition_id VARCHAR, method_id VARCHAR, fiscal_year INTEGER, division_key VARCHAR,
  cause VARCHAR, points DECIMAL(18,8), places INTEGER, departments INTEGER, is_split BOOLEAN, method_before VARCHAR,
  score_before DECIMAL(18,8), score_now DECIMAL(18,8), rank_before INTEGER, rank_now INTEGER);
CREATE TABLE movement_department (edition_id VARCHAR, method_id VARCHAR, fiscal_year INTEGER, "function" VARCHAR,
  department_key VARCHAR, cause VARCHAR, points DECIMAL(18,8), places INTEGER, own_cause VARCHAR, is_split BOOLEAN,
  division_key VARCHAR, method_before VARCHAR, score_before DECIMAL(18,8), score_now DECIMAL(18,8),
  rank_before INTEGER, rank_now INTEGER);
CREATE TABLE movement_member (edition_id VARCHAR, method_id VARCHAR, fiscal_year INTEGER, division_key VARCHAR,
  department_key VARCHAR, cause VARCHAR, points DECIMAL(18,8), score_before DECIMAL(18,8), score_now DECIMAL(18,8),
  version_before VARCHAR, version_now VARCHAR);
CREATE TABLE fct_restatement (submission_version_id VARCHAR, fact VARCHAR, fact_key VARCHAR, change VARCHAR,
  value_before DECIMAL(30,8), value_after DECIMAL(30,8), unit_before VARCHAR, unit_after VARCHAR,
  words_before VARCHAR, words_after VARCHAR, submission_version_id_before VARCHAR, division_key VARCHAR,
  department_key VARCHAR, fiscal_year INTEGER, received_at TIMESTAMPTZ, is_current BOOLEAN);
CREATE TABLE functions AS SELECT 'commerce' AS function_key, '商务' AS name_zh, 'Commerce' AS name_en;
CREATE TABLE movement_causes AS FROM read_csv('SEEDS/movement_causes.csv');
CREATE TABLE dictionary_table AS SELECT table_name, 'core' AS subject, '绩效管理处' AS owner,
  '一行是' || table_name || '的一行。' AS grain_zh, 'One row is a row of ' || table_name || '.' AS grain_en,
  '' AS note_zh, '' AS note_en, CAST([] AS VARCHAR[]) AS key_columns, CAST([] AS VARCHAR[]) AS made_from,
  CAST([] AS VARCHAR[]) AS lake_tables, CAST([] AS VARCHAR[]) AS used_by
  FROM duckdb_tables() WHERE schema_name = 'main' AND table_name <> 'dictionary_table' ORDER BY table_name;
CREATE TABLE dictionary_column AS SELECT table_name, column_index AS column_number, column_name,
  lower(data_type) AS data_type, '列' || column_name AS description_zh, 'Column ' || column_name AS description_en,
  false AS is_key, false AS is_required, CAST(NULL AS VARCHAR) AS refers_to,
  CAST(NULL AS VARCHAR[]) AS allowed_values
  FROM duckdb_columns() WHERE schema_name = 'main' AND table_name <> 'dictionary_table' ORDER BY ALL;
CREATE SCHEMA staging;
CREATE TABLE staging.stg_anything AS SELECT 1 AS id;
COMMENT ON TABLE dim_division IS '区划 (one row = a division''s period of validity)';
COMMENT ON COLUMN dim_division.name IS '区划名称';
""".replace("SEEDS", str(SEEDS))

DIVISIONS = (
    # key, code, name, kind, league, province
    ("p1", "990000", "甲省", "province", None, "p1"),
    ("c1", "990101", "一县", "county", "county", "p1"),
    ("c2", "990102", "二县", "county_level_city", "county", "p1"),
    ("c3", "990103", MARKUP_NAME, "county", "county", "p1"),
    ("c4", None, "四新区", "functional_zone", "zone", "p1"),
    ("p2", "980000", "乙省", "province", None, "p2"),
    ("c5", "980101", "五区", "district", "district", "p2"),
)
DEPARTMENTS = (
    *((f"{key}.commerce", key, f"{name}商务局") for key, _, name, *_ in DIVISIONS if key[0] == "c"),
    *((f"c4.{number}", "c4", f"四新区第{number}局") for number in range(1, 6)),
)

# One row a division; an empty field is null.
RANKS = """\
division_key,league,province_key,rank,rank_low,rank_high,is_tied,score,execution_score,outcome_score,reliability_score,\
completeness_score,due,received,accepted,assessable,verified_share,unranked_reason,previous_rank
c1,county,p1,1,1,2,true,87.12500000,18.5,35.125,20.0,13.5,1,1,1,1,0.912345,,2
c2,county,p1,1,1,2,true,87.12500000,19.0,,21.0,12.0,1,1,1,1,0.800000,,1
c3,county,p1,3,3,3,false,60.00499999,10.0,25.0,15.0,10.0,1,1,0,0,0.7,,1
c4,zone,p1,,,,false,,,,,,6,0,0,0,,below_coverage_floor,
c5,district,p2,1,1,1,false,71.00000000,15.0,30.0,16.0,10.0,,1,1,1,1,,
"""
# department, whether it is due, due day, state, first received, days late, version; the night's day is 2026-11-22
FILINGS = (
    ("c1.commerce", True, "2025-03-31", "accepted", "2025-03-01", 0, "v1b"),
    ("c2.commerce", True, "2025-02-28", "accepted_with_findings", "2025-03-01", 1, "v2"),
    ("c3.commerce", True, "2025-03-31", "returned", "2025-03-01", 0, "v3"),
    ("c4.commerce", True, "2025-03-31", "overdue", None, 601, None),
    ("c4.1", True, "2025-03-31", "overdue", None, 601, None),
    ("c4.2", True, "2025-03-31", "overdue", None, 601, None),
    ("c4.3", True, "2025-04-30", "overdue", None, 571, None),
    ("c4.4", True, "2026-11-27", "expected", None, 0, None),
    ("c4.5", True, "2026-11-27", "withdrawn", "2025-03-01", 0, "v4"),
    ("c5.commerce", False, None, "accepted", "2025-03-01", None, "v5"),
)
# version, department, number, status, current, source name
VERSIONS = (
    ("v1a", "c1.commerce", 1, "superseded", False, "一县商务局.docx"),
    ("v1b", "c1.commerce", 2, "accepted", True, FORMULA_NAME),
    ("v2", "c2.commerce", 1, "accepted_with_findings", True, "二县商务局.txt"),
    ("v3", "c3.commerce", 1, "returned", True, "三县<商务局>.docx"),
    ("v4", "c4.5", 1, "withdrawn", True, "四新区第5局.docx"),
    ("v5", "c5.commerce", 1, "accepted", True, "五区商务局.pdf"),
)


COHORTS = """\
cohort_kind,cohort_key,cohort_name,league,departments,with_self_score,with_evidence,with_both,mean_self_score,\
mean_evidence_score,mean_gap,median_gap,above_evidence,above_share,below_evidence,below_share,claims_top,\
claims_top_share,evidence_top,evidence_top_share,most_frequent_score,most_frequent,most_frequent_share,concentration,\
just_above,just_above_share,just_below,just_below_share,lower_quartile,upper_quartile,compared,place_by_self_score,\
place_by_evidence,places_gained
province,p1,甲省,,14,12,12,11,94.5,82.25,12.25,9.5,8,0.727273,0,0,10,0.909091,3,0.272727,90,6,0.5,0.375,6,0.5,1,\
0.083333,90,96.5,,,,
league,county,县与县级市,,9,8,8,8,95,80,15,12,6,0.75,0,0,7,0.875,2,0.25,,,,,,,,,,,1,1,1,0
division,c1,一县,county,4,4,4,4,91,88,3,2,1,0.25,0,0,3,0.75,2,0.5,,,,,,,,,,,2,2,1,-1
division,c2,二县,county,4,4,4,3,97,70,27,26.25,3,1,0,0,3,1,0,0,,,,,,,,,,,2,1,2,1
division,c4,四新区,zone,5,2,3,2,,,,,1,,0,,2,,1,,,,,,,,,,,,,,,
"""


def build_database(path: Path, edition_id: str = "e1", score_of_c3: str = "60.00499999") -> Path:
    """Write a build database with a few rows of every table; two arguments tell editions apart."""
    con = duckdb.connect(str(path))
    con.execute(SCHEMA)
    _units(con)
    for version in VERSIONS:
        _submission(con, *version)
    _findings(con)
    _acts(con)
    _filings(con)
    _ranks(con, edition_id, score_of_c3)
    _method(con)
    _standings(con, edition_id)
    _inflation(con)
    _movements(con, edition_id)
    _gate(con, edition_id)
    con.close()
    return path


def _insert(con: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join("?" for _ in values)
    con.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))


def _units(con: duckdb.DuckDBPyConnection) -> None:
    for key, code, name, kind, league, province in DIVISIONS:
        _insert(
            con,
            "dim_division",
            division_key=key,
            gb_code=code,
            name=name,
            kind=kind,
            league=league,
            province_key=province,
            valid_from="2020-01-01",
        )
    for column, key in enumerate(("c1", "c2", "c3"), start=2):
        _insert(con, "dim_division_tile", division_key=key, tile_row=3, tile_column=column)
    for key, division, name in DEPARTMENTS:
        _insert(con, "dim_department", department_key=key, division_key=division, name=name, functions=["commerce"])
    _insert(
        con,
        "dim_indicator",
        indicator_key="foreign_investment",
        name="实际利用外资",
        name_en="Foreign investment used",
        category="benefit_economic",
        unit_family="money",
        direction="positive",
    )


def _submission(
    con: duckdb.DuckDBPyConnection, version: str, department: str, number: int, status: str, current: bool, name: str
) -> None:
    division = department.split(".", maxsplit=1)[0]
    _insert(
        con,
        "dim_submission",
        submission_version_id=version,
        submission_id=f"s-{department}",
        division_key=division,
        department_key=department,
        fiscal_year=2024,
        version_number=number,
        received_at=f"2025-03-0{number} 09:30:00+08",
        source_name=name,
        sha256=sha256_of_bytes(version.encode()),
        media_type="text/plain",
        status=status,
        verdict={"superseded": "returned", "withdrawn": "accepted"}.get(status, status),
        first_received_at="2025-03-01 09:30:00+08",
        is_current=current,
    )
    for number_, (claim, kind, subject, role, value, unit, quote) in enumerate(_claims(), start=1):
        start = SENTENCE.index(quote) if quote in SENTENCE else 500
        _insert(
            con,
            "fct_claim",
            claim_id=f"{version}-{claim}",
            submission_version_id=version,
            claim_number=number_,
            kind=kind,
            subject=subject,
            role=role,
            value=value,
            unit=unit,
            section_path="二、预算执行",
            place=f"第{number_}行",
            span_start=start,
            span_end=start + len(quote),
            quote=quote,
            verification="verified",
            sentence=SENTENCE if quote in SENTENCE else f"实际利用外资{quote},完成目标。",
            origin="text",
        )
    _facts(con, version)


def _claims() -> tuple[tuple[str, str, str, str, str, str, str], ...]:
    return (
        ("initial", "budget", "total", "initial", "300", "万元", "年初预算300.00万元"),
        ("adjusted", "budget", "total", "adjusted", "298", "万元", "调整预算298.00万元"),
        ("spent", "expenditure", "total", "actual", "275.29", "万元", "全年支出275.29万元"),
        ("rate", "execution_rate", "total", "stated", "92.38", "%", "预算执行率92.38%"),
        ("target", "indicator", "foreign_investment", "target", "3000", "万美元", "目标3000万美元"),
        ("actual", "indicator", "foreign_investment", "actual", "3150", "万美元", "实际3150万美元"),
        ("score", "score", "", "self", "96.5", "分", "自评得分96.5分"),
    )


def _facts(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Version v2 gives no adjusted budget: its execution rate is unknown, which is neither zero nor 298."""
    whole = version != "v2"
    for stage, amount in (("initial", "3000000.00"), ("adjusted", "2980000.00")):
        if whole or stage == "initial":
            _insert(
                con,
                "fct_budget",
                submission_version_id=version,
                stage=stage,
                category="total",
                amount_yuan=amount,
                verification="verified",
                claim_id=f"{version}-{stage}",
            )
    _insert(
        con,
        "fct_expenditure",
        submission_version_id=version,
        category="total",
        amount_yuan="2752900.00",
        adjusted_budget_yuan="2980000.00" if whole else None,
        execution_rate="0.92379195" if whole else None,
        stated_execution_rate="0.9238" if whole else None,
        verification="verified",
        claim_id=f"{version}-spent",
        adjusted_budget_claim_id=f"{version}-adjusted" if whole else None,
        stated_rate_claim_id=f"{version}-rate" if whole else None,
    )
    _insert(
        con,
        "fct_indicator_outcome",
        submission_version_id=version,
        indicator_key="foreign_investment",
        period_start="2024-01-01",
        period_end="2024-12-31",
        target_operator="ge",
        target_value="3000",
        actual_value="3150" if whole else None,
        unit="万美元",
        completion_rate="1.05" if whole else None,
        stated_completion_rate="1.10" if whole else None,
        is_assessable=whole,
        not_assessable_reason=None if whole else "no_actual",
        verification="verified",
        target_claim_id=f"{version}-target",
        actual_claim_id=f"{version}-actual" if whole else None,
    )
    _insert(
        con,
        "fct_self_evaluation",
        submission_version_id=version,
        self_score="96.50",
        self_grade="优",
        reviewed_score="90.00" if version == "v2" else None,
        score_claim_id=f"{version}-score",
    )


def _finding(con: duckdb.DuckDBPyConnection, finding: str, version: str, rule: str, severity: str, **more: Any) -> None:
    values: dict[str, Any] = {"outcome": "fail", "message_zh": f"{rule} 不符", "claim_ids": [], "is_open": True, **more}
    ids = {"finding_id": finding, "submission_version_id": version, "rule_id": rule, "severity": severity}
    _insert(con, "fct_finding", **ids, **values)


def _findings(con: duckdb.DuckDBPyConnection) -> None:
    _finding(
        *(con, "f1", "v3", "BUD-001", "P0"),
        message_zh="支出大于调整预算",
        message_en="Expenditure exceeds the adjusted budget",
        remedy_zh="请核对支出与调整预算两处数字后重新报送",
        claim_ids=["v3-adjusted", "v3-spent"],
        expected="不大于 298.00 万元",
        found="<script>alert(1)</script>",
    )
    _finding(con, "f1b", "v3", "BUD-009", "P2", message_zh="执行率因此大于一", explained_by="BUD-001")
    _finding(
        con,
        "f1c",
        "v3",
        "BUD-010",
        "P1",
        message_zh="封面没有填报日期",
        passages=[{"section_path": "一、封面", "quote": "填报日期：<空>"}],
    )
    _finding(
        *(con, "f2", "v2", "BUD-002", "P1"),
        message_zh="未提供调整预算",
        message_en="No adjusted budget",
        waiver_id="w1",
        is_open=False,
    )
    # Its cause is waived, so it stands for itself.
    _finding(con, "f2b", "v2", "BUD-004", "P1", message_zh="执行率无法计算", explained_by="BUD-002")
    explained = {"explanation": "按批复口径填报", "explanation_state": "refused"}
    _finding(con, "f4", "v2", "SCO-001", "P1", message_zh="自评得分偏高", statement_ids=["v2-s1"], **explained)
    _finding(con, "f3", "v2", "BUD-003", "P2", outcome="pass", is_open=False)
    for number in range(1, 8):
        _finding(con, f"n{number}", "v2", f"NOTE-00{number}", "P2", message_zh=f"第{number}条提示")
    place = {"span_start": 700, "span_end": 709, "place": "第88行"}
    _insert(con, "fct_statement", statement_id="v2-s1", submission_version_id="v2", quote="各项目标全面完成。", **place)


def _acts(con: duckdb.DuckDBPyConnection) -> None:
    at = "2026-11-20 10:00:00+08"
    for act_id, kind, more in (
        ("w1", "waiver", {"rule_id": "BUD-002", "approved_by": "批准甲", "valid_until": "2027-03-31"}),
        ("x1", "explanation", {"finding_id": "f4", "state": "refused"}),
        ("y1", "decision", {"refers_to": "x1", "state": "refused"}),
        ("r1", "reviewed_score", {"submission_version_id": "v2", "score": "90.00"}),
        ("a1", "appeal", {"submission_id": "s-c3.commerce", "state": "partly_upheld"}),
        ("d1", "withdrawal", {"submission_id": "s-c4.5"}),
        ("b1", "appeal_decision", {"refers_to": "a1", "state": "partly_upheld"}),
    ):
        common = {"is_in_force": True, "words": f"{kind} 的理由", "done_by": "经办乙", "done_at": at}
        _insert(con, "fct_act", act_id=act_id, kind=kind, **common, **more)


def _filings(con: duckdb.DuckDBPyConnection) -> None:
    names = {key: (division, name) for key, division, name in DEPARTMENTS}
    provinces = {key: province for key, *_, province in DIVISIONS}
    for department, is_due, due_on, state, first, days_late, version in FILINGS:
        division, name = names[department]
        is_returned = state == "returned"
        _insert(
            con,
            "filing_overview",
            division_key=division,
            department_key=department,
            fiscal_year=2024,
            department_name=name,
            province_key=provinces[division],
            is_due=is_due,
            has_register=is_due,
            due_on=due_on,
            state=state,
            first_received_on=first,
            last_received_on=first,
            mend_by="2025-03-11" if is_returned else None,
            mend_days_late=621 if is_returned else None,
            versions=int(version is not None),
            days_late=days_late,
            p0_open=int(is_returned),
            p1_open=2 if version == "v2" else 0,
            p2_open=0,
            submission_version_id=version,
        )
    con.execute(COUNTED)
    for day, division, files, returned, quarantined in (
        ("2025-03-01", "c1", 2, 1, 0),
        ("2025-03-01", "c3", 1, 1, 0),
        ("2025-03-02", "", 1, 0, 1),
    ):
        counts = {"files": files, "versions": files - quarantined, "resubmissions": 0, "returned": returned}
        _insert(con, "filing_day", received_on=day, division_key=division, **counts, quarantined=quarantined)


COUNTED = """
INSERT INTO filing_division SELECT division_key, fiscal_year, any_value(province_key),
  CASE WHEN bool_or(has_register) THEN count_if(is_due) END,
  count_if(state IN ('accepted', 'accepted_with_findings', 'returned')),
  count_if(state IN ('accepted', 'accepted_with_findings')), count_if(state = 'returned'),
  count(*) FILTER (mend_days_late > 0), count_if(state = 'overdue'), count_if(state = 'expected'),
  count_if(state = 'withdrawn'), 0,
  CASE WHEN bool_or(has_register) THEN count_if(days_late = 0 AND state NOT IN ('expected', 'withdrawn')) END,
  CASE WHEN bool_or(has_register) THEN count_if(state NOT IN ('expected', 'withdrawn')) END,
  sum(p0_open), sum(p1_open), min(due_on), max(due_on)
FROM filing_overview GROUP BY division_key, fiscal_year
"""


def _ranks(con: duckdb.DuckDBPyConnection, edition_id: str, score_of_c3: str) -> None:
    for row in csv.DictReader(RANKS.splitlines()):
        common: dict[str, Any] = {name: value or None for name, value in row.items()}
        common |= {
            "edition_id": edition_id,
            "method_id": "m1",
            "fiscal_year": 2024,
            "is_ranked": bool(row["rank"]),
            "is_provisional": not row["due"],
        }
        if row["division_key"] == "c3":
            common["score"] = score_of_c3
        # The two that tie do not differ from each other, nor from the third.
        alike = {"indistinct_from": [key for key in ("c1", "c2", "c3") if key != row["division_key"]]}
        _insert(con, "rank_division", **common | (alike if row["league"] == "county" and row["rank"] else {}))
        alone = {"function": "commerce", "department_key": f"{row['division_key']}.commerce", "due": 1}
        _insert(con, "rank_department", **common | alone)


def _method(con: duckdb.DuckDBPyConnection) -> None:
    """The official method of the seeds, under the name of this edition's."""
    for name in method.TABLES:
        con.execute(f"CREATE TABLE {name} AS FROM read_csv('{SEEDS}/{name}.csv', all_varchar = true)")
    for name in method.TABLES[:-1]:
        con.execute(f"DELETE FROM {name} WHERE method_id <> '2026.1'; UPDATE {name} SET method_id = 'm1'")


def _standings(con: duckdb.DuckDBPyConnection, edition_id: str) -> None:
    """c1 in three scopes, in one of them apart from everybody; it improved, and not by chance; one part is unknown."""
    common = {"edition_id": edition_id, "method_id": "m1", "fiscal_year": 2024, "division_key": "c1"}
    for scope, scope_key, others in (
        ("province", "p1", ["c2", "c3"]),
        ("league", "county", ["c2"]),
        ("region", "东", []),
    ):
        place = {"rank": 1, "rank_low": 1, "rank_high": 1 + len(others), "is_tied": False, "is_ranked": True}
        _insert(con, "rank_division_scope", **common, **place, scope=scope, scope_key=scope_key,
                ranked_units=4, units=5, indistinct_from=others)  # fmt: skip
    risen = {"score": "87.125", "score_before": "80", "improvement": "7.125", "improvement_low": "2.5"}
    _insert(con, "rank_division_improvement", **common, **risen, improvement_high="11.25", rank=1, rank_low=1,
            rank_high=2, is_tied=False, ranked_units=2, province_key="p1", league="county", is_ranked=True)  # fmt: skip
    report = {"method_id": "m1", "fiscal_year": 2024, "department_key": "c1.commerce"}
    version = con.execute("SELECT submission_version_id FROM dim_submission WHERE is_current AND department_key = $1",
                          ["c1.commerce"]).fetchone()  # fmt: skip
    known = {"points": 10, "share": "0.9", "earned_points": 9, "items": 10, "counted_items": 9, "is_assessable": True}
    unknown = {"points": 5, "items": 0, "is_assessable": False, "not_assessable_reason": "no_targets"}
    for component, found in (("verified_share", known), ("targets_without_drift", unknown)):
        _insert(con, "rank_component", **report, **found, component=component, submission_version_id=version[0])


def _inflation(con: duckdb.DuckDBPyConnection) -> None:
    """A province of self scores far above the evidence, one county whose places differ, and one too small to tell."""
    year: dict[str, Any] = {"method_id": "m1", "province_key": "p1", "fiscal_year": 2024}
    for row in csv.DictReader(COHORTS.splitlines()):
        _insert(con, "inflation_cohort", **year, **{name: value or None for name, value in row.items()})
    for band, grade, by_self_score, by_evidence in (
        (60, "中", 0, 1),
        (80, "良", 0, 0),
        (90, "优", 9, 2),
        (96, None, 3, 9),
    ):
        shape = {"band": band, "grade_from": grade, "by_self_score": by_self_score, "by_evidence": by_evidence}
        _insert(con, "inflation_band", **year, cohort_kind="province", cohort_key="p1", **shape)
    for key, division, name, self_score, evidence, gap, grade in (
        ("c1.commerce", "c1", "一县商务局", "96.50", "91.50", "5.00", "优"),
        ("c2.commerce", "c2", "二县商务局", "96.50", "70.25", "26.25", "中"),
        ("c3.commerce", "c3", f"{MARKUP_NAME}商务局", "90.00", "83.99", "6.01", "良"),
        ("c4.1", "c4", "四新区第1局", None, "83.99", None, "良"),
    ):
        names = {"department_key": key, "division_key": division, "division_name": division, "department_name": name}
        scores = {"self_score": self_score, "evidence_score": evidence, "gap": gap, "execution_rate": "0.9"}
        _insert(con, "inflation_department", **year, **names, **scores, claimed_grade="优", evidence_grade=grade)


def _movements(con: duckdb.DuckDBPyConnection, edition_id: str) -> None:
    """c1 went up by a new version and by c2's fall; c3 fell by its peers alone; c5 is ranked for the first time."""
    common = {"edition_id": edition_id, "method_id": "m1", "method_before": "m1", "fiscal_year": 2024}
    up = {"is_split": True, "score_before": "84.10500000", "score_now": "87.12500000", "rank_before": 2, "rank_now": 1}
    down = {
        "is_split": True,
        "score_before": "60.00499999",
        "score_now": "60.00499999",
        "rank_before": 1,
        "rank_now": 3,
    }
    alone = {"function": "commerce", "department_key": "c1.commerce", "own_cause": "resubmission"}
    for cause, more in (
        ("resubmission", {"points": "3.02000000", "places": 0}),
        ("peers", {"points": "0", "places": 1}),
    ):
        behind = {"departments": 1} if cause == "resubmission" else {}
        _insert(con, "movement_division", division_key="c1", cause=cause, **common, **up, **more, **behind)
        _insert(con, "movement_department", division_key="c1", cause=cause, **common, **up, **more, **alone)
    _insert(con, "movement_division", division_key="c3", cause="peers", points="0", places=-2, **common, **down)
    new = {"is_split": False, "score_now": "71.00000000", "rank_now": 1}
    _insert(con, "movement_division", division_key="c5", cause="newly_ranked", **common, **new)
    member = {name: common[name] for name in ("edition_id", "method_id", "fiscal_year")}
    scores = {"score_before": "84.10500000", "score_now": "87.12500000"}
    _insert(
        con,
        "movement_member",
        **member,
        **scores,
        division_key="c1",
        department_key="c1.commerce",
        cause="resubmission",
        points="3.02000000",
        version_before="v1a",
        version_now="v1b",
    )
    _insert(
        con,
        "movement_member",
        **member,
        division_key="c5",
        department_key="c5.commerce",
        cause="new_report",
        version_now="v5",
    )


def _gate(con: duckdb.DuckDBPyConnection, edition_id: str) -> None:
    _insert(
        con,
        "gate_result",
        edition_id=edition_id,
        expectation_id="ranks_are_total",
        suite="rankings",
        severity="critical",
        checked=5,
        failed=0,
        decision="pass",
        message_zh="每个同类组的名次完整",
        message_en="Ranks are complete",
        sample_keys=[],
    )
    _insert(
        con,
        "gate_result",
        edition_id=edition_id,
        expectation_id="share_returned",
        suite="submissions",
        severity="warning",
        checked=4,
        failed=1,
        decision="notice",
        message_zh="退回比例高于常年",
        message_en="Many returns",
        sample_keys=["v3"],
    )


def facts(edition_id: str = "e1", gate_decision: str = "pass") -> dict[str, Any]:
    """The facts that the night gives to an edition."""
    return {
        "edition_id": edition_id,
        "as_of": AS_OF,
        "method_ids": ["m1"],
        "code_version": "0.1.0",
        "lake_digest": sha256_of_bytes(b"lake"),
        "gate_decision": gate_decision,
        "coverage": {"due": None, "received": 4, "accepted": 3, "ranked_divisions": 4},
        "override": None,
        "waivers": [],
        "finals": {},
    }


def make_edition(folder: Path, edition_id: str = "e1", previous: Path | None = None, **changes: Any) -> Path:
    """Build a whole private edition under `folder`, completed and ready to publish.

    `change` is SQL that makes it differ, `facts` go over the usual ones, `corrected` are earlier corrections.
    """
    folder.mkdir(parents=True, exist_ok=True)
    edition = folder / f"private-{edition_id}"
    corrected = changes.pop("corrected", [])
    told = facts(edition_id, changes.pop("gate_decision", "pass")) | changes.pop("facts", {})
    change = changes.pop("change", None)
    build = build_database(folder / f"build-{edition_id}.duckdb", edition_id, **changes)
    if change:
        with duckdb.connect(str(build)) as con:
            con.execute(change)
    editions.export_warehouse(build, edition)
    gate = {"decision": told["gate_decision"], "edition_id": told["edition_id"], "results": []}
    (edition / "gate.json").write_text(canonical_json(gate), encoding="utf-8")
    editions.begin(edition, told)
    editions.write_exports(edition)
    editions.difference(previous, edition)
    corrections.write(edition, corrected)
    notice.write(edition)
    dictionary.write_csv(edition)
    datapackage.write(edition)
    workbook.write(edition)
    bulletin.write(edition)
    site.render(edition)
    editions.complete(edition, told)
    return edition


def make_site(folder: Path, change: str) -> Path:
    """A private edition with its tables, changed by SQL, and its site; nothing else of it is made."""
    folder.mkdir(parents=True, exist_ok=True)
    edition = folder / "private"
    build = build_database(folder / "build.duckdb")
    with duckdb.connect(str(build)) as con:
        con.execute(change)
    editions.export_warehouse(build, edition)
    editions.begin(edition, facts())
    site.render(edition)
    return edition


def manifest(edition: Path) -> dict[str, Any]:
    """An edition's manifest."""
    loaded: dict[str, Any] = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    return loaded


# What makes the edition before the usual one: c1 stood behind c3 with its first version, and c5 was not ranked.
BEFORE = """
UPDATE rank_division SET rank = 2, score = 84.105, is_tied = false, previous_rank = NULL WHERE division_key = 'c1';
UPDATE rank_division SET rank = 1 WHERE division_key = 'c3';
UPDATE rank_division SET rank = NULL, score = NULL, is_ranked = false WHERE division_key = 'c5';
UPDATE rank_division SET score = 86 WHERE division_key = 'c2';
UPDATE rank_department SET score = 84.105 WHERE department_key = 'c1.commerce';
UPDATE dim_submission SET is_current = submission_version_id = 'v1a' WHERE division_key = 'c1';
UPDATE dim_submission SET submission_version_id = 'v1z' WHERE submission_version_id = 'v1b';
DELETE FROM movement_division; DELETE FROM movement_department; DELETE FROM movement_member;
"""
# What the usual edition has beside it then: c1's new version states a figure otherwise, and c2 was read anew.
AFTER = """
INSERT INTO fct_restatement BY NAME FROM (VALUES ('budget', 'initial|total', 3100000, 3000000, '元'),
  ('self_score', '', 95, 96.5, '分')) AS figure (fact, fact_key, value_before, value_after, unit_after),
  (SELECT 'v1b' AS submission_version_id, 'v1a' AS submission_version_id_before, 'changed' AS change,
   'c1' AS division_key, 'c1.commerce' AS department_key, 2024 AS fiscal_year);
UPDATE fct_restatement SET unit_before = unit_after;
INSERT INTO movement_division BY NAME SELECT 'm1' AS method_id, 'm1' AS method_before, 2024 AS fiscal_year,
  'c2' AS division_key, 'rereading' AS cause, 1.125 AS points, 0 AS places, 1 AS departments, true AS is_split,
  86 AS score_before, 87.125 AS score_now, 1 AS rank_before, 1 AS rank_now;
"""


def make_pair(folder: Path, **changes: Any) -> tuple[Path, Path]:
    """Two editions, the second of which follows the first; further arguments are for the second."""
    first = make_edition(folder, "e1", change=BEFORE)
    return first, make_edition(folder, "e2", previous=first, change=AFTER, **changes)
