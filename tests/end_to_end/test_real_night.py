"""The two real reports all the way into a published edition, with the figures that must come out exactly."""

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.nights import Home, Run

pytestmark = pytest.mark.night
FIRST, SECOND = 2020, 2021


def of_year(home: Home, table: str, columns: str, year: int, more: str = "") -> list[tuple]:
    joined = f"{table} join dim_submission using (submission_version_id)"
    return home.rows(f"select {columns} from {joined} where fiscal_year = {year} {more}")


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def test_both_are_received_and_told_apart(real_night: tuple[Home, Run]) -> None:
    home, run = real_night
    assert [run.facts[key] for key in ("received", "accepted", "returned", "quarantined")] == [2, 1, 1, 0]
    assert home.rows(
        "select v.name, d.name, s.fiscal_year, s.status from dim_submission s join dim_department d using "
        "(department_key) join dim_division v on v.division_key = s.division_key order by fiscal_year"
    ) == [
        ("仲恺高新技术产业开发区", "仲恺高新区经济发展局", FIRST, "accepted_with_findings"),
        ("新丰县", "新丰县工业和信息化局", SECOND, "returned"),
    ]


def test_budgets_of_the_first(real_night: tuple[Home, Run]) -> None:
    found = {
        (stage, category): amount
        for stage, category, amount in of_year(real_night[0], "fct_budget", "stage, category, amount_yuan", FIRST)
    }
    assert found == {
        ("initial", "total"): Decimal("161416600.00"),
        ("initial", "basic"): Decimal("9531700.00"),
        ("initial", "department_project"): Decimal("2729600.00"),
        ("initial", "public_project"): Decimal("149155300.00"),
        ("adjusted", "total"): Decimal("160981200.00"),
        ("adjusted", "basic"): Decimal("9335700.00"),
        ("adjusted", "department_project"): Decimal("2490200.00"),
        ("adjusted", "public_project"): Decimal("149155300.00"),
    }


def test_expenditure_and_rates_of_the_first(real_night: tuple[Home, Run]) -> None:
    columns = "category, amount_yuan, execution_rate, stated_execution_rate, verification"
    found = {row[0]: row[1:] for row in of_year(real_night[0], "fct_expenditure", columns, FIRST)}
    assert {category: (row[0], percent(row[1]), percent(row[2]), row[3]) for category, row in found.items()} == {
        "total": (Decimal("148717700.00"), "92.38", "92.38", "verified"),
        "basic": (Decimal("9326600.00"), "99.90", "99.90", "verified"),
        "department_project": (Decimal("2073600.00"), "83.27", "83.27", "verified"),
        "public_project": (Decimal("137317500.00"), "92.06", "92.06", "verified"),
    }


def test_outcomes_of_the_first(real_night: tuple[Home, Run]) -> None:
    columns = "indicator_key, actual_value, target_value"
    found = of_year(real_night[0], "fct_indicator_outcome", columns, FIRST, "and is_assessable")
    assert {key: (actual, target) for key, actual, target in found} == {
        "signed_projects": (Decimal(174), Decimal(160)),
        "landed_projects": (Decimal(51), Decimal(90)),
        "started_projects": (Decimal(22), Decimal(80)),
        "completed_projects": (Decimal(33), Decimal(25)),
        "upscaled_enterprises": (Decimal(141), Decimal(75)),
        "industrial_investment": (Decimal("140.8"), Decimal("135.3")),
        "base_stations_5g": (Decimal(430), Decimal(406)),
    }


def test_what_cannot_be_assessed_says_why(real_night: tuple[Home, Run]) -> None:
    rows = of_year(
        real_night[0], "fct_indicator_outcome", "indicator_key, not_assessable_reason", FIRST, "and not is_assessable"
    )
    assert ("foreign_investment_utilised", "partial_period") in rows


def test_self_evaluations(real_night: tuple[Home, Run]) -> None:
    assert real_night[0].rows(
        "select fiscal_year, self_score, self_grade from fct_self_evaluation join dim_submission using "
        "(submission_version_id) order by 1"
    ) == [(FIRST, Decimal("89.00"), "良"), (SECOND, None, "优")]


def test_money_of_the_second_and_no_execution_rate(real_night: tuple[Home, Run]) -> None:
    home = real_night[0]
    budgets = of_year(home, "fct_budget", "stage, category, amount_yuan", SECOND)
    assert budgets == [("initial", "total", Decimal("7692100.00"))]
    spent = of_year(home, "fct_expenditure", "category, amount_yuan, adjusted_budget_yuan, execution_rate", SECOND)
    amounts = {category: amount for category, amount, _, _ in spent}
    assert amounts["total"] == Decimal("22933400.00")
    assert amounts["basic"] == Decimal("5622500.00") and amounts["project"] == Decimal("17310900.00")
    assert {(adjusted, rate) for _, _, adjusted, rate in spent} == {(None, None)}


def test_the_stale_completion_rate_of_the_second(real_night: tuple[Home, Run]) -> None:
    home = real_night[0]
    columns = "actual_value, target_value, completion_rate, stated_completion_rate, verification"
    [row] = of_year(home, "fct_indicator_outcome", columns, SECOND, "and indicator_key = 'foreign_investment_utilised'")
    assert (row[0], row[1], percent(row[2]), percent(row[3]), row[4]) == (
        *(Decimal(2132), Decimal(600), "355.33", "182.33", "contradicted"),
    )
    [(severity, claim_ids)] = of_year(
        home, "fct_finding", "severity, claim_ids", SECOND, "and rule_id = 'B01' and outcome = 'fail'"
    )
    assert severity == "P0"
    quotes = home.rows(f"select quote from fct_claim where claim_id in {tuple(claim_ids)}")
    assert any("2132" in quote for (quote,) in quotes) and any("600" in quote for (quote,) in quotes)


def test_every_figure_leads_to_its_words_in_the_archived_text(real_night: tuple[Home, Run]) -> None:
    home = real_night[0]
    rows = home.rows(
        "select s.sha256, c.reader_version, c.span_start, c.span_end, c.quote "
        "from fct_claim c join dim_submission s using (submission_version_id)"
    )
    assert len(rows) > 180
    for sha256, reader, start, end, quote in rows:
        text = (home.path / "archive" / sha256[:2] / sha256 / f"text-{reader}.txt").read_bytes().decode()
        assert text[start:end] == quote
    [(claim_id,)] = of_year(home, "fct_expenditure", "claim_id", FIRST, "and category = 'total'")
    assert "agrees with the archived text: 是 yes" in home.command("trace", claim_id).stdout


def test_without_a_register_ranks_are_provisional(real_night: tuple[Home, Run]) -> None:
    rows = real_night[0].rows(
        "select fiscal_year, due, is_provisional, is_ranked, unranked_reason from rank_division order by 1"
    )
    assert [(year, due, provisional) for year, due, provisional, _, _ in rows] == [
        (FIRST, None, True),
        (SECOND, None, True),
    ]
    assert [(ranked, reason is None) for _, _, _, ranked, reason in rows] == [(True, True), (False, False)]


def test_no_person_appears_outside_the_archive(real_night: tuple[Home, Run], real_reports: Path) -> None:
    lines = (real_reports.parent / "gold" / "gold_000.jsonl").read_text(encoding="utf-8").splitlines()
    persons = [row["value"] for row in map(json.loads, lines) if row["name"] in ("填报人", "联系电话")]
    assert len(persons) == 2
    home = real_night[0]
    for path in home.path.rglob("*"):
        if path.is_file() and not path.is_symlink() and "archive" not in path.relative_to(home.path).parts:
            assert not [person for person in persons if person.encode() in path.read_bytes()], path
    for table, column in home.rows(
        "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and schema_name = 'main'"
    ):
        for person in persons:
            assert home.rows(f'select count(*) from "{table}" where "{column}" like \'%{person}%\'') == [(0,)], (
                table,
                column,
            )
