"""Every expectation of the gate, shown to fail: one change to a published warehouse, one expectation that notices."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.evaluation import Surroundings, evaluate
from expectations.gate import DECISIONS, Court, Decision, Expected, amend, decide, found
from expectations.suites import ELSEWHERE, definition, definitions, owners
from expectations.waivers import Waiver
from jiheng.files import write_json
from tests.gates import BREAKAGES, Bench, bench_of, unlike
from tests.nights import Home, Run

pytestmark = pytest.mark.night

ASKED = [one for one in definitions() if one.kind != ELSEWHERE]
COMPARED_ALONE = ("K08", "K17")


@pytest.fixture(scope="module")
def bench(
    sample_night: tuple[Home, Run], next_night: tuple[Home, Run], tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """The edition after a resubmission, with the one before it as the last edition."""
    folder, home = tmp_path_factory.mktemp("gate"), next_night[0]
    shutil.copyfile(home.current / "warehouse.duckdb", folder / "warehouse.duckdb")
    return bench_of(home, sample_night[0].current, folder / "warehouse.duckdb", folder / "totals")


def broken(bench: Bench, breakage: str, folder: Path) -> Bench:
    """A copy of the warehouse with a change that stays."""
    warehouse = folder / "warehouse.duckdb"
    shutil.copyfile(bench.warehouse, warehouse)
    with duckdb.connect(str(warehouse)) as con:
        con.execute(breakage)
    return replace(bench, warehouse=warehouse)


def test_a_sound_edition_fails_nothing(bench: Bench) -> None:
    assert bench.failing("select 1") == set()


@pytest.mark.parametrize("expectation_id", [one.id for one in ASKED])
def test_an_expectation_notices_what_it_is_for(expectation_id: str, bench: Bench, tmp_path: Path) -> None:
    breakage, *also = BREAKAGES[expectation_id]
    changed = unlike(broken(bench, breakage, tmp_path), expectation_id, tmp_path / "other")
    one = definition(expectation_id)
    [answer] = evaluate(changed.warehouse, [one], changed.surroundings)
    assert answer.failed > 0 and answer.keys and "could not be evaluated" not in answer.keys[0]
    result = Expected(one, answer.checked, answer.failed, answer.keys)
    assert result.decision == DECISIONS[one.severity]
    if expectation_id not in COMPARED_ALONE:
        # K10 and K12 stand beside K09 and the last edition: see BREAKAGES for what fails together.
        assert changed.failing("select 1") - {expectation_id} == set(" ".join(also).split())


def test_doubling_a_row_of_any_table_is_noticed(bench: Bench) -> None:
    with duckdb.connect(str(bench.warehouse), read_only=True) as con:
        tables = con.execute(
            "select t.table_name from dictionary_table d join duckdb_tables() t using (table_name) "
            "where t.estimated_size > 0 and d.lake_tables != [] and table_name not in ('gate_result', 'quality_grid')"
        ).fetchall()
    unnoticed = [
        table for (table,) in tables if not bench.failing(f"insert into {table} select * from {table} limit 1")
    ]
    assert len(tables) > 30
    assert unnoticed == []


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        # A county is gone from what was built; its reports are in the lake.
        ("delete from dim_submission where division_key = (select min(division_key) from rank_division)", "T01"),
        ("delete from rank_division where division_key = (select min(division_key) from rank_division)", "V04"),
        # A year is gone.
        ("delete from dim_submission where fiscal_year = 2023", "T01"),
        ("delete from rank_division where fiscal_year = 2023", "V04"),
        # A unit is shifted: yuan read as ten thousands of yuan.
        ("update fct_claim set value_base = value_base * 10000 where unit_base = '元'", "T05"),
        ("update fct_budget set amount_yuan = amount_yuan * 10000", "T11"),
        ("update fct_expenditure set amount_yuan = amount_yuan / 10000", "T12"),
    ],
)
def test_what_must_never_be_published_holds(change: str, noticed: str, bench: Bench) -> None:
    failing = bench.failing(change)
    assert noticed in failing and definition(noticed).severity == "critical" and not definition(noticed).waivable


def test_rows_in_another_order_change_nothing(bench: Bench) -> None:
    tables = ("rank_division", "rank_department", "dim_submission", "fct_claim", "fct_budget")
    shuffled = "; ".join(
        f"create temp table t_{name} as select * from {name} order by hash({name}::varchar); "
        f"delete from {name}; insert into {name} select * from t_{name}"
        for name in tables
    )
    assert bench.failing(shuffled) == set()


def test_ranks_of_equal_input_must_be_equal_unless_a_term_has_passed(bench: Bench, tmp_path: Path) -> None:
    changed = unlike(bench, "K08", tmp_path / "other")
    assert changed.failing("select 1", "K08") == {"K08"}
    facts = {**changed.surroundings.facts, "day_before": "2026-01-01", "day": "2026-02-01"}
    over = (
        "insert into fct_act (act_id, kind, valid_until) values ('w', 'waiver', date '2026-01-15')",
        "update dim_department set valid_to = date '2026-01-15' "
        "where department_key = (select min(department_key) from dim_department)",
    )
    for change in over:
        assert changed.changed(facts=facts).failing(change, "K08") == set()


def court_of(bench: Bench, *waivers: Waiver) -> Court:
    return Court(bench.surroundings, date(2026, 11, 23), "test", waivers)


def test_the_whole_gate_over_a_sound_edition(bench: Bench) -> None:
    decision = decide("e1", bench.warehouse, court_of(bench))
    applying = [one for one in ASKED if bench.surroundings.applies(one)]
    assert decision.decision == "pass" and len(decision.results) == len(applying) + 1
    told = decision.as_json()
    assert told["counts"]["pass"] == len(decision.results) and told["override"] is None
    assert [row["expectation_id"] for row in told["results"]] == [one.expectation.id for one in decision.ordered]


def test_exceptions_cover_the_rows_they_name(bench: Bench, tmp_path: Path) -> None:
    changed = broken(bench, BREAKAGES["F06"][0], tmp_path)
    [held] = [one for one in decide("e", changed.warehouse, court_of(changed)).results if one.expectation.id == "F06"]
    assert held.decision == "hold" and held.failed == len(held.keys) > 1
    base = Waiver("w1", "F06", "甲", "乙", "单位为日元", date(2026, 12, 1))

    def decided(*waivers: Waiver) -> Expected:
        decision = decide("e", changed.warehouse, court_of(changed, *waivers))
        [result] = [one for one in decision.results if one.expectation.id == "F06"]
        return result

    assert decided(base).decision == "waived"
    assert decided(replace(base, keys=held.keys)).waivers[0].waiver_id == "w1"
    assert decided(replace(base, keys=held.keys[:-1])).decision == "hold"
    two = (replace(base, keys=held.keys[:-1]), replace(base, waiver_id="w2", keys=held.keys[-1:]))
    assert [one.waiver_id for one in decided(*two).waivers] == ["w1", "w2"]
    over = decided(replace(base, valid_until=date(2026, 11, 22)))
    assert over.decision == "hold" and [one.waiver_id for one in over.expired] == ["w1"]
    assert decided(replace(base, is_ended=True)).decision == "hold"
    assert decided(replace(base, expectation_id="K10")).decision == "hold"


def test_what_is_not_waivable_is_not_waived(bench: Bench, tmp_path: Path) -> None:
    changed = broken(bench, BREAKAGES["T03"][0], tmp_path)
    waiver = Waiver("w", "T03", "甲", "乙", "没有关系", date(2099, 1, 1))
    assert [one.expectation.id for one in decide("e", changed.warehouse, court_of(changed, waiver)).holding] == ["T03"]


def test_an_expectation_that_cannot_be_evaluated_holds(bench: Bench, tmp_path: Path) -> None:
    changed = broken(bench, "alter table fct_budget drop column amount_yuan", tmp_path)
    held = {one.expectation.id: one.keys for one in decide("e", changed.warehouse, court_of(changed)).holding}
    assert held["F03"][0].startswith("could not be evaluated")


def test_a_first_night_has_nothing_to_compare_with(sample_night: tuple[Home, Run]) -> None:
    rows = sample_night[0].rows("select expectation_id, decision, owner, release_zh from gate_result")
    # Files are looked at when they are written, the clock before anything is.
    elsewhere = {"C01", *(f"P{number}" for number in range(11, 16))}
    asked = {one.id for one in definitions() if not one.needs} - elsewhere
    assert {name for name, *_ in rows} == asked
    assert {decision for _, decision, *_ in rows} == {"pass"} and all(owner and told for *_, owner, told in rows)


def test_editions_of_older_programs_are_compared_as_far_as_they_go(bench: Bench, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(bench.surroundings.previous or Path(), older)
    (older / "ranking_method_curves.parquet").unlink()
    surroundings = Surroundings(bench.surroundings.totals, older, (), bench.surroundings.facts)
    assert not surroundings.applies(definition("K04")) and surroundings.applies(definition("K03"))


def test_later_results_are_added_to_what_was_decided(tmp_path: Path) -> None:
    decision = Decision("e", (found("L01", 1, []),))
    write_json(tmp_path / "gate.json", decision.as_json())
    told = amend(tmp_path / "gate.json", [found("P11", 9, ["site/a.html: 139*******8"])])
    assert told["decision"] == "hold" and told["counts"]["hold"] == 1
    assert [row["expectation_id"] for row in told["results"]] == ["L01", "P11"]
    assert amend(tmp_path / "gate.json", [found("P11", 9, [])])["decision"] == "pass"


def test_the_worst_result_decides() -> None:
    info, warning, critical = definition("V01"), definition("V02"), definition("T01")
    assert Decision("e", (Expected(info, 1, 1), Expected(critical, 1, 0))).decision == "pass"
    assert Decision("e", (Expected(warning, 1, 1), Expected(critical, 1, 0))).decision == "notice"
    assert Decision("e", (Expected(warning, 1, 1), Expected(critical, 1, 1))).decision == "hold"
    waived = Expected(critical, 1, 1, waivers=(Waiver("w", "T01", "甲", "乙", "理由", date(2099, 1, 1)),))
    assert Decision("e", (waived,)).decision == "notice"


def test_every_expectation_is_complete() -> None:
    ids = [one.id for one in definitions()]
    assert len(ids) == len(set(ids)) >= 60
    assert set(BREAKAGES) == {one.id for one in ASKED}
    for one in definitions():
        assert one.severity in DECISIONS and one.owner in owners(), one.id
        assert " · " in one.reason and one.message_zh.endswith("。") and one.message_en.endswith("."), one.id
        assert one.release_zh.endswith("。") and one.release_en.endswith("."), one.id
        assert not one.waivable or one.severity == "critical", one.id
