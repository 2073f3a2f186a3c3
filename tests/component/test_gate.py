"""Every expectation of the gate, shown to fail: one change to a published warehouse, one expectation that notices."""

import shutil
from pathlib import Path

import duckdb
import pytest

from expectations.gate import Decision, Expected, decide, definitions, evaluate
from tests.nights import Home, Run

pytestmark = pytest.mark.night

BREAKAGES = {
    "S01": "insert into dim_submission select * from dim_submission limit 1",
    "S02": "insert into fct_claim select * from fct_claim limit 1",
    "S03": "insert into rank_division select * from rank_division limit 1",
    "S04": "update dim_submission set division_key = 'nowhere' where version_number = 2",
    "T01": "delete from dim_submission where version_number = 2",
    "T02": "delete from fct_claim where kind = 'grade'",
    "T03": "delete from fct_finding where severity = 'P0'",
    "F01": "update fct_expenditure set adjusted_budget_yuan = null where category = 'total'",
    "F02": "update fct_expenditure set amount_yuan = amount_yuan + 100 where category = 'total'",
    "F03": "update fct_budget set amount_yuan = -1 where category = 'basic'",
    "F04": "update fct_expenditure set amount_yuan = -1 where category = 'basic'",
    "F05": "update fct_expenditure set execution_rate = 1.2",
    "E01": "update fct_budget set claim_id = 'none' where category = 'basic'",
    "E02": "update fct_expenditure set claim_id = 'none' where category = 'basic'",
    "E03": "update fct_claim set span_end = span_start where kind = 'grade'",
    "R01": "update rank_division set score = 101 where rank = 1",
    "R02": "update rank_department set score = -1 where rank = 1",
    "R03": "update rank_division set rank_low = rank + 1 where rank = 1",
    "R04": "update rank_division set rank = 1 where is_ranked",
    "R05": "update rank_division set assessable = 0 where rank = 1",
    "P01": "update fct_claim set sentence = '联系电话：13912345678' where kind = 'grade'",
    "P02": "update fct_statement set quote = '填报人：某某'",
    "K01": "delete from dim_submission where version_number = 1",
    "K02": "delete from rank_division where fiscal_year = 2024",
    "G01": "insert into filing_overview select * from filing_overview limit 1",
    "G02": "update filing_overview set state = 'returned' where state = 'accepted'",
    "G03": "insert into fct_act (act_id, kind, is_in_force, words, done_by, valid_until) "
    "values ('w', 'waiver', true, '理由', '甲', date '2099-01-01')",
    "G04": "update fct_finding set explanation = '说明' where severity = 'P0' and outcome = 'fail'",
    "Q01": "update quality_grid set outcome = null where rule_id = 'A01' and outcome = 'PASS'",
    "Q02": "delete from quality_grid where rule_id = 'A01' and outcome = 'PASS'",
    "Q03": "update quality_grid set outcome = 'MAYBE' where outcome = 'FAIL'",
    "Q04": "update quality_grid set outcome = 'EXTRACT_FAILED' where outcome = 'NOT_SUBMITTED'",
    "K03": "update ranking_method_parts set weight = weight - 1 where part = 'execution'",
    "K04": "update ranking_method_curves set share = 0.5 where component = 'timeliness' and measure = 0",
    "V01": "update rank_division set is_provisional = true",
    "V02": "update fct_stage_outcome set reason_code = 'READER_FAILED' where reason_code = 'EMPTY_FILE'",
    "V03": "update fct_stage_outcome set reason_code = 'READER_FAILED' where stage = 'received'",
}


def rows_for(expectation_id: str, home: Home) -> list[dict]:
    """The definition, with the totals and the last edition of an unbroken night filled in."""
    [row] = [dict(one) for one in definitions() if one["id"] == expectation_id]
    tables = {"T01": "dim_submission", "T02": "fct_claim", "T03": "fct_finding"}
    arguments = dict(row["arguments"])
    if expectation_id in tables:
        arguments["value"] = home.rows(f"select count(*) from {tables[expectation_id]}")[0][0]
    if "query" in arguments:
        arguments["query"] = arguments["query"].replace("{previous}", (home.current / "parquet").as_posix())
    return [row | {"arguments": arguments}]


@pytest.mark.parametrize("expectation_id", [row["id"] for row in definitions()])
def test_an_expectation_notices_what_it_is_for(
    expectation_id: str, sample_night: tuple[Home, Run], tmp_path: Path
) -> None:
    home = sample_night[0]
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(home.current / "warehouse.duckdb", warehouse)
    [before] = evaluate(warehouse, rows_for(expectation_id, home))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(BREAKAGES[expectation_id])
    [after] = evaluate(warehouse, rows_for(expectation_id, home))
    assert (before.failed, before.decision) == (0, "pass")
    assert after.failed > 0 and after.sample_keys
    assert after.decision == {"critical": "hold", "warning": "notice", "info": "info"}[after.severity]


def test_the_whole_gate_over_a_sound_edition(sample_night: tuple[Home, Run], tmp_path: Path) -> None:
    home = sample_night[0]
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(home.current / "warehouse.duckdb", warehouse)
    counts = ("dim_submission", "fct_claim", "fct_finding")
    names = ("submission_version", "claim", "finding")
    totals = {name: home.rows(f"select count(*) from {table}")[0][0] for name, table in zip(names, counts, strict=True)}
    decision = decide("e1", warehouse, totals, home.current / "parquet")
    assert decision.decision == "pass" and len(decision.results) == len(definitions())


def test_the_worst_result_decides() -> None:
    def result(severity: str, failed: int) -> Expected:
        return Expected("X", "suite", severity, 10, failed, "", "")

    assert Decision("e", (result("info", 1), result("critical", 0))).decision == "pass"
    assert Decision("e", (result("warning", 1), result("critical", 0))).decision == "notice"
    assert Decision("e", (result("warning", 1), result("critical", 1))).decision == "hold"


def test_every_expectation_is_complete() -> None:
    columns = {"id", "suite", "severity", "table", "kind", "arguments", "reason", "message_zh", "message_en"}
    for row in definitions():
        assert columns <= set(row), row["id"]
    assert set(BREAKAGES) == {row["id"] for row in definitions()}
