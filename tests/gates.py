"""Breakages of a sound edition, one for each expectation of the gate that a query answers, and how they are tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations.evaluation import Surroundings, _filled
from expectations.suites import Expectation, definitions
from ingest import control_totals
from ingest.lake import Lake
from jiheng import gate
from jiheng.settings import Settings
from tests.nights import Home

# A statement that breaks a sound edition, and what else has to fail with it: a version that is gone is missing in many
# places, and a score that moved no longer is what its parts make it.
BREAKAGES: dict[str, tuple[str, ...]] = {
    "S01": ("insert into dim_submission select * from dim_submission where not is_current",),
    "S02": ("insert into fct_claim select * from fct_claim where kind = 'grade' limit 1", "K06 T02 T06"),
    "S03": ("insert into rank_division select * from rank_division where not is_ranked limit 1",),
    "S04": ("update dim_submission set department_key = 'nobody' where not is_current",),
    "S05": ("insert into rank_department select * from rank_department where not is_ranked and received = 0 limit 1",),
    "S06": ("insert into rank_division_scope select * from rank_division_scope where not is_ranked limit 1", "R16"),
    "S07": ("insert into fct_indicator_outcome select * from fct_indicator_outcome limit 1", "K07"),
    "S08": ("insert into fct_reconciliation select * from fct_reconciliation where not is_chosen limit 1",),
    "S09": ("insert into rank_component select * from rank_component where component = 'timeliness' limit 1",),
    "S10": ("insert into dim_indicator select * from dim_indicator limit 1",),
    "S11": (
        "insert into fct_claim select * replace ('other' as claim_id, 'none' as submission_version_id) "
        "from fct_claim where kind = 'grade' limit 1",
        "T06",
    ),
    "S12": ("insert into fct_self_evaluation (submission_version_id) values ('none')",),
    "S13": (
        "insert into rank_division select * replace ('nowhere' as division_key) from rank_division "
        "where not is_ranked limit 1",
        "G02 R15 V11",
    ),
    "S14": (
        "update dim_indicator set name = ' ' where indicator_key = (select min(indicator_key) from dim_indicator)",
    ),
    "S15": (
        "update dim_department set name = name || chr(8238) where department_key = (select "
        "min(department_key) from dim_department)",
    ),
    "S16": ("update dim_submission set fiscal_year = 1924 where not is_current", "T08 V14"),
    "S17": ("update rank_evidence set edition_id = 'another' where component = 'timeliness'",),
    "S18": ("update dim_submission set is_current = true where not is_current",),
    "T01": (
        "insert into dim_submission select * replace ('made-up' as submission_version_id) from "
        "dim_submission where not is_current",
    ),
    "T02": (
        "delete from fct_claim where claim_id = (select min(claim_id) from fct_claim where value is "
        "null and kind = 'grade')",
        "E05 K06 T06",
    ),
    "T03": (
        "delete from fct_finding where finding_id = (select min(finding_id) from fct_finding where outcome = 'pass')",
    ),
    "T04": (
        "update fct_claim set value = value + 1 where claim_id = (select min(claim_id) from fct_claim "
        "where kind = 'score')",
        "K06",
    ),
    "T05": (
        "update fct_claim set value_base = value_base * 10000 where claim_id = (select min(claim_id) "
        "from fct_claim where kind = 'indicator' and unit_base = '元')",
        "K06",
    ),
    "T06": ("update fct_claim set kind = 'score' where kind = 'grade'",),
    "T07": ("delete from fct_statement where statement_id = (select min(statement_id) from fct_statement)",),
    "T08": (
        "update dim_submission set division_key = (select max(division_key) from rank_division) where not is_current",
    ),
    "T09": (
        "insert into fct_act (act_id, kind, is_in_force, words, done_by, done_at) values ('made-up', "
        "'decision', true, '理由', '甲', now())",
    ),
    "T10": ("delete from fct_stage_outcome where stage = 'read'",),
    "T11": (
        "update fct_budget set amount_yuan = amount_yuan * 10000 where category = 'basic' and stage = 'initial'",
        "F06 K07",
    ),
    "T12": (
        "update fct_expenditure set amount_yuan = amount_yuan * 10000 where category = 'basic' and "
        "execution_rate is null",
        "F06 K07",
    ),
    "T13": ("delete from dim_division where division_key = 'cn440103'",),
    "V01": ("update rank_division set is_provisional = true", "R19"),
    "V02": ("update fct_stage_outcome set reason_code = 'READER_FAILED' where reason_code = 'EMPTY_FILE'",),
    "V03": ("update fct_stage_outcome set reason_code = 'READER_FAILED' where stage = 'received'", "V02"),
    "V04": (
        "delete from rank_division where division_key = (select min(division_key) from rank_division)",
        "G02 K02 R04 R16 V11",
    ),
    "V05": ("delete from rank_department where not is_ranked and received = 0", "G01 R12"),
    "V06": (
        "update rank_component set not_assessable_reason = null; delete from fct_budget; delete from "
        "fct_expenditure; delete from fct_indicator_outcome; update fct_self_evaluation set self_score "
        "= null",
        "K07",
    ),
    "V07": ("update rank_division set assessable = accepted + 1 where not is_ranked",),
    "V08": ("update rank_department set assessable = 2 where rank = 1",),
    "V09": ("select 1",),
    "V10": (
        "insert into fct_indicator_outcome (submission_version_id, indicator_key, is_assessable, "
        "not_assessable_reason, verification) select (select min(submission_version_id) from "
        "dim_submission where is_current), 'i' || n, false, 'no_target', 'unverifiable' from range(500)"
        " r(n)",
        "K07",
    ),
    "V11": ("update rank_division_scope set scope_key = 'city' where scope = 'league' and not is_ranked", "R16"),
    "V12": ("update dim_submission set status = 'returned' where status = 'accepted'", "G08"),
    "V13": ("update fct_stage_outcome set outcome = 'quarantined' where stage = 'received' and outcome = 'archived'",),
    "V14": ("update ranking_methods set status = case status when 'official' then 'draft' else 'official' end",),
    "F01": (
        "update fct_expenditure set adjusted_budget_yuan = 0, amount_yuan = 0 where category = 'basic'",
        "E02 K07 T12",
    ),
    "F02": ("update fct_expenditure set execution_rate = execution_rate + 0.0001 where category = 'total'", "K07"),
    "F03": ("update fct_budget set amount_yuan = -1 where category = 'basic' and stage = 'initial'", "K07 T11"),
    "F04": (
        "update fct_expenditure set amount_yuan = -1 where category = 'basic' and execution_rate is null",
        "K07 T12",
    ),
    "F05": ("update fct_expenditure set execution_rate = 1.2", "F01 F02 K07"),
    "F06": (
        "update fct_budget set amount_yuan = 2000000000000 where category = 'total' and stage = 'initial'",
        "K07 T11",
    ),
    "F07": ("update fct_indicator_outcome set not_assessable_reason = null where not is_assessable",),
    "F08": ("update fct_indicator_outcome set completion_rate = 11 where is_assessable", "K07"),
    "F09": ("update fct_self_evaluation set self_score = 101", "E05 K07"),
    "F10": ("update fct_self_evaluation set reviewed_score = 101",),
    "F11": ("update fct_claim set verification = 'perhaps' where kind = 'change_rate'",),
    "F12": (
        "update fct_claim set period_end = period_start - 1 where kind = 'grade'; update fct_claim set "
        "period_start = date '2024-12-31', period_end = date '2024-01-01' where kind = 'grade'",
    ),
    "F13": ("update dim_submission set digit_count = digit_count + 1 where not is_current",),
    "F14": (
        "update dim_submission set unclaimed_digit_count = 20000, digit_count = 20000 + "
        "claimed_digit_count + noise_digit_count",
    ),
    "F15": ("update fct_reconciliation set is_chosen = false where fact_table = 'fct_budget'",),
    "F16": (
        "update fct_claim set verification = 'contradicted' where claim_id in (select claim_id from "
        "fct_budget where verification = 'verified')",
    ),
    "G01": ("insert into filing_overview select * from filing_overview limit 1", "G02"),
    "G02": ("update filing_overview set state = 'returned' where state = 'accepted'",),
    "G03": (
        "insert into fct_act (act_id, kind, is_in_force, words, done_by, valid_until) values ('w', "
        "'waiver', true, '理由', '甲', date '2099-01-01')",
        "T09",
    ),
    "G04": ("update fct_finding set explanation = '说明' where severity = 'P0' and outcome = 'fail'",),
    "G05": ("update dim_submission set received_at = now() + interval 1 year where not is_current",),
    "G06": ("update filing_overview set days_late = days_late + 1 where days_late > 0",),
    "G07": ("update filing_division set overdue = overdue + 1 where due is not null",),
    "G08": (
        "update dim_submission set status = 'returned' where status = 'accepted' and "
        "submission_version_id = (select min(submission_version_id) from dim_submission where status = "
        "'accepted')",
    ),
    "Q01": ("update quality_grid set outcome = null where rule_id = 'A01' and outcome = 'PASS'",),
    "Q02": ("delete from quality_grid where rule_id = 'A01' and outcome = 'PASS'",),
    "Q03": ("update quality_grid set outcome = 'MAYBE' where outcome = 'PASS'",),
    "Q04": ("update quality_grid set outcome = 'EXTRACT_FAILED' where outcome = 'NOT_SUBMITTED'",),
    "Q05": ("update quality_grid set outcome = 'PASS' where outcome = 'FAIL'",),
    "Q06": ("update rule_frequency set checked = 200, failed = 190 where rule_id = 'A01'", "Q05"),
    "R01": ("update rank_division set score = null where rank = 1", "K11 R04"),
    "R02": (
        "update rank_department set score = -1 where rank = (select max(rank) from rank_department)",
        "K09 K10 R11 R12",
    ),
    "R03": ("update rank_division set rank_high = ranked_units + 1 where rank = 1",),
    "R04": ("update rank_division set rank = 1, rank_low = 1 where is_ranked", "K16"),
    "R05": ("update rank_division set unranked_reason = null where not is_ranked",),
    "R06": ("update rank_department set rank = 1, rank_low = 1 where is_ranked",),
    "R07": ("update rank_division_scope set rank = 1, rank_low = 1 where is_ranked",),
    "R08": ("update rank_department set rank_low = rank + 1 where rank = 1",),
    "R09": ("update rank_division_scope set rank_low = rank + 1 where rank = 1",),
    "R10": (
        "update rank_department set execution_score = execution_score + 30, outcome_score = "
        "outcome_score - 30 where is_ranked and outcome_score > 30 and execution_score > 5",
    ),
    "R11": ("update rank_department set execution_score = execution_score - 1 where execution_score > 1",),
    "R12": ("update rank_division set score = score - 0.5 where rank = 1", "K11 K16"),
    "R13": (
        "update rank_component set earned_points = earned_points + 0.1 where earned_points > 0 and "
        "earned_points < points",
    ),
    "R14": ("update rank_department set verified_share = 1.5 where verified_share is not null",),
    "R15": ("update rank_division set verified_share = 0 where verified_share is not null",),
    "R16": ("update rank_division set ranked_units = ranked_units + 1 where is_ranked",),
    "R17": ("update rank_department set unranked_reason = null where not is_ranked",),
    "R18": ("update rank_division_improvement set improvement = improvement + 1 where is_ranked",),
    "R19": ("update rank_department set league = 'elsewhere'",),
    "R20": (
        "insert into rank_division_scope select * exclude (n) replace ('many' as scope_key, 'x' || n as"
        " division_key, 1 as rank, 1 as rank_low, 20 as rank_high, 20 as ranked_units, 20 as units, "
        "true as is_tied, 50 as score, true as is_ranked, null as unranked_reason) from (select "
        "rank_division_scope.*, n from rank_division_scope, range(20) r(n) where scope = 'region' and "
        "division_key = (select min(division_key) from rank_division_scope) and fiscal_year = 2024)",
    ),
    "R21": (
        "update ranking_method_parts set weight = weight + 1 where method_id not in (select distinct "
        "method_id from rank_division)",
    ),
    "E01": ("update fct_budget set claim_id = 'none' where category = 'basic'",),
    "E02": ("update fct_expenditure set claim_id = 'none' where category = 'basic'",),
    "E03": ("update fct_claim set span_end = span_end + 1 where kind = 'grade' and origin = 'narrative'", "K06"),
    "E04": ("update fct_indicator_outcome set target_claim_id = 'none' where target_claim_id is not null",),
    "E05": ("update fct_self_evaluation set score_claim_id = null",),
    "E06": ("update fct_restatement set claim_id_before = 'none' where change <> 'added'",),
    "E07": ("update movement_member set version_now = 'none' where cause = 'resubmission'",),
    "E08": ("delete from rank_component where component = 'timeliness'",),
    "E09": ("update rank_evidence set claim_ids = ['none'] where component = 'execution_rate'",),
    "E10": ("delete from rank_evidence where component = 'timeliness'",),
    "E11": ("update fct_claim set sentence = '别的话' where kind = 'grade'",),
    "E12": ("update dim_submission set sha256 = 'unknown' where not is_current",),
    "E13": ("update dim_submission set character_count = 10 where not is_current",),
    "E14": ("update fct_finding set claim_ids = ['none'] where outcome = 'fail'",),
    "K01": ("delete from dim_submission where not is_current", "S11 S12 T01"),
    "K02": ("delete from rank_division where fiscal_year = 2023", "G02 V04 V11 V14"),
    "K03": ("update ranking_methods set missing_score = missing_score + 1", "R12"),
    "K04": ("update ranking_method_curves set share = 0.5 where component = 'timeliness' and measure = 0",),
    "K05": (
        "delete from department_year where department_key = (select min(department_key) from "
        "department_year where submission_version_id is not null)",
    ),
    "K06": ("update fct_claim set span_start = span_start + 1, span_end = span_end + 1 where kind = 'grade'",),
    "K07": ("update fct_self_evaluation set self_score = self_score - 1",),
    "K08": ("select 1",),
    "K09": (
        "update rank_department set score = score - 0.00000001 where department_key = (select "
        "min(department_key) from rank_department where is_ranked)",
        "K10",
    ),
    "K10": (
        "update rank_department set score = score - 0.00000001 where department_key = (select "
        "min(department_key) from rank_department where is_ranked)",
        "K09",
    ),
    "K11": ("update rank_division set score = score - 0.0000001 where is_ranked", "K16"),
    "K12": ("select 1",),
    "K13": ("update movement_division set points = points + 1 where points is not null",),
    "K14": ("update movement_department set points = points + 1 where points is not null",),
    "K15": ("update rank_division set previous_rank = previous_rank + 1",),
    "K16": ("delete from movement_division",),
    "K17": ("select 1",),
    "K18": ("update rank_division_history set rank = rank + 1 where is_ranked",),
}


@dataclass(frozen=True)
class Bench:
    """Queries of the gate over one warehouse, with breakages that are taken back."""

    warehouse: Path
    surroundings: Surroundings

    def failing(self, breakage: str, *only: str) -> set[str]:
        """Which expectations speak against the warehouse once it is broken so; asked without Great Expectations."""
        with duckdb.connect(str(self.warehouse)) as con, _taken_back(con):
            con.execute(breakage)
            asked = [one for one in definitions() if "query" in one.arguments and self.surroundings.applies(one)]
            asked = [one for one in asked if not only or one.id in only]
            return {one.id for one in asked if con.execute(self._query(one)).fetchall()}

    def _query(self, expectation: Expectation) -> str:
        query = _filled(expectation, self.surroundings).arguments["unexpected_rows_query"]
        query = query.replace("{batch}", str(expectation.table)).replace("{{", "{").replace("}}", "}")
        return f"select 1 from ({query}) limit 1"

    def changed(self, **surroundings: Any) -> "Bench":
        """The same warehouse, compared with something else."""
        return replace(self, surroundings=replace(self.surroundings, **surroundings))


@contextmanager
def _taken_back(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("begin")
    yield
    con.execute("rollback")


def bench_of(home: Home, previous: Path, warehouse: Path, totals: Path) -> Bench:
    """What the gate is asked with for the current edition of a home, after the edition `previous`."""
    settings, now = Settings(home.path), datetime.now(UTC)
    manifest = home.manifest
    edition = {name: manifest[name] for name in ("edition_id", "lake_digest")} | {"data_time": manifest["as_of"]}
    control_totals.write(Lake(settings.lake), now, totals)
    surroundings = gate._surroundings(settings, now, edition, totals, previous)
    # Whichever program the test runs with: everything is asked but what needs two equal nights.
    conditions = frozenset({"same_program", "other_program", "no_answers"})
    folder = previous / "parquet"
    return Bench(warehouse, replace(surroundings, rolled_back=(folder,), conditions=conditions))


def unlike(bench: Bench, expectation_id: str, folder: Path) -> Bench:
    """What some expectations need beside a broken warehouse: a late night, an edition taken back, ranks turned over."""
    with duckdb.connect(str(bench.warehouse)) as con:
        if expectation_id == "V09":
            late = {"night_time": "2099-01-01T00:00:00+00:00"}
            return bench.changed(facts={**bench.surroundings.facts, **late})
        folder.mkdir()
        if expectation_id == "K08":
            ranks = ("rank_division", "rank_department", "rank_division_scope")
            for table in ranks:
                con.execute(f"copy (select * replace (score + 1 as score) from {table}) to '{folder}/{table}.parquet'")
            return bench.changed(previous=folder, conditions=frozenset({"same_input"}))
        if expectation_id == "K12":
            con.execute(f"copy rank_division to '{folder}/rank_division.parquet'")
            return bench.changed(rolled_back=(folder,))
        if expectation_id == "K17":
            many = "from rank_division, range(20) r(n) where rank = 1 and league = 'county' and fiscal_year = 2024"
            made = "select rank_division.* replace ('x' || n as division_key, {rank} as rank, 20 as ranked_units)"
            con.execute(f"insert into rank_division {made.format(rank='n + 1')} {many}")
            con.execute(
                f"copy ({made.format(rank='20 - n')} {many} and division_key not like 'x%') "
                f"to '{folder}/rank_division.parquet'"
            )
            return bench.changed(previous=folder, conditions=frozenset())
    return bench
