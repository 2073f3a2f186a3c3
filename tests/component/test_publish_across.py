"""The pages of functions and indicators, and a division beside its league: what they count, order and add up."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from publish import data
from publish.site import across, functions, indicators, peers
from publish.site.book import Book
from publish.site.writer import Writer
from tests.component import edition_fixture as made

# Two departments of c2 state the indicator, one of c1 and one of c5; c3's report was returned, and c1's first version
# was superseded. Claims carry the base units.
OUTCOMES = """
DELETE FROM fct_indicator_outcome;
DELETE FROM fct_claim WHERE claim_id LIKE 'x-%';
INSERT INTO dim_submission BY NAME SELECT * REPLACE ('v6' AS submission_version_id, 's-c2.water' AS submission_id,
  'c2.water' AS department_key) FROM dim_submission WHERE submission_version_id = 'v2';
INSERT INTO dim_department BY NAME SELECT * REPLACE ('c2.water' AS department_key, '二县水利局' AS name)
FROM dim_department WHERE department_key = 'c2.commerce';
INSERT INTO fct_claim BY NAME SELECT 'x-' || id AS claim_id, base AS value_base, unit AS unit_base
FROM (VALUES ('t', 1000000, '元'), ('a1', 1330000, '元'), ('a2', 900000, '元'), ('a5', 2000000, '元'))
  c (id, base, unit);
INSERT INTO fct_indicator_outcome BY NAME
SELECT version AS submission_version_id, 'foreign_investment' AS indicator_key, '>=' AS target_operator,
  100 AS target_value, value AS actual_value, '万元' AS unit, rate AS completion_rate,
  rate IS NOT NULL AS is_assessable,
  CASE WHEN rate IS NULL THEN 'no_actual' END AS not_assessable_reason, told AS verification,
  'x-t' AS target_claim_id,
  claim AS actual_claim_id
FROM (VALUES ('v1a', 50, 0.5, 'verified', 'x-a1'), ('v1b', 133, 1.33, 'verified', 'x-a1'),
  ('v2', 90, 0.9, 'verified', 'x-a2'), ('v6', NULL, NULL, 'unverifiable', NULL), ('v3', 90, 0.9, 'verified', 'x-a2'),
  ('v5', 200, 2.0, 'contradicted', 'x-a5')) o (version, value, rate, told, claim);
"""
SECTION = ("foreign_investment", 2024, "p1")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_site(tmp_path_factory.mktemp("edition"), OUTCOMES)


@pytest.fixture(scope="module")
def loaded(edition: Path) -> data.Edition:
    return data.load(edition)


def words(html: str) -> str:
    return re.sub(r"<[^>]*>|\s+", "", html)


def page(edition: Path, name: str) -> str:
    return (edition / "site" / name).read_text(encoding="utf-8")


def test_an_indicator_counts_accepted_reports_by_year_and_province(edition: Path, loaded: data.Edition) -> None:
    found = indicators.page(loaded, indicators.read(edition), "foreign_investment")
    heads = [
        (s["province_key"], s["departments"], s["divisions"], s["verified"], s["contradicted"])
        for s in found["sections"]
    ]
    assert heads == [("p1", 3, 2, 2, 0), ("p2", 1, 1, 0, 1)]
    first = found["sections"][0]
    # c3 was returned and c1's older version does not count; of two rates the median lies between them, exactly.
    assert first["compared"] == 2 and first["quartiles"] == [Decimal("0.9"), Decimal("1.115"), Decimal("1.33")]
    assert [row["department_key"] for row in first["rows"]] == ["c1.commerce", "c2.commerce", "c2.water"]
    assert (first["rows"][0]["actual_value"], first["rows"][0]["actual_unit"]) == (1330000, "元")


def test_only_values_that_one_department_states_are_added_up(edition: Path, loaded: data.Edition) -> None:
    found = indicators.page(loaded, indicators.read(edition), "foreign_investment")
    first, second = found["sections"]
    assert first["totals"]["rows"] == [{"unit": "元", "value": Decimal("1330000"), "divisions": 1}]
    assert first["totals"]["several"] == 1, "c2 has two departments that may tell of the same"
    assert second["totals"] == {"rows": [], "several": 0, "unverified": 1}, "a contradicted value is in no sum"


@pytest.mark.parametrize(
    ("family", "direction"), [("ratio", "positive"), ("concentration", "reverse"), ("money", "growth")]
)
def test_what_cannot_be_added_up_has_no_sum(family: str, direction: str, edition: Path, loaded: data.Edition) -> None:
    row = loaded.indicators["foreign_investment"] | {"unit_family": family, "direction": direction}
    changed = data.load(edition)
    changed.indicators["foreign_investment"] = row
    found = indicators.page(changed, indicators.read(edition), "foreign_investment")
    assert all(section["totals"] is None for section in found["sections"])


def test_the_chart_holds_every_completion_once(edition: Path, loaded: data.Edition) -> None:
    chart = indicators.page(loaded, indicators.read(edition), "foreign_investment")["sections"][0]["chart"]
    counts = {column["band"]: column["counts"] for column in chart["columns"] if column["counts"]}
    assert counts == {9: {"verified": 1}, 13: {"verified": 1}}
    above = indicators.chart([{"band": 15, "verification": "verified", "outcomes": 2}], [Decimal(2)] * 3)
    assert above and above["quartiles"] == [15 * indicators.BAND_WIDTH] * 3, "a mark never leaves the axis"
    assert indicators.chart([], None) is None


def test_a_long_list_keeps_what_needs_a_look(tmp_path: Path) -> None:
    """Contradictions first, then verified ones with the least completion; the page says how many it leaves out."""
    many = f"""
      INSERT INTO dim_department BY NAME SELECT * EXCLUDE (n) REPLACE ('c1.' || n AS department_key)
        FROM dim_department, range({indicators.MOST_LISTED}) r (n) WHERE department_key = 'c1.commerce';
      INSERT INTO dim_submission BY NAME SELECT * EXCLUDE (n) REPLACE ('m' || n AS submission_version_id,
        's' || n AS submission_id, 'c1.' || n AS department_key)
        FROM dim_submission, range({indicators.MOST_LISTED}) r (n) WHERE submission_version_id = 'v1b';
      INSERT INTO fct_indicator_outcome BY NAME SELECT * EXCLUDE (n) REPLACE ('m' || n AS submission_version_id,
        (1 + n / 1000)::DECIMAL(18,8) AS completion_rate,
        CASE WHEN n = 7 THEN 'contradicted' ELSE 'verified' END AS verification)
        FROM fct_indicator_outcome, range({indicators.MOST_LISTED}) r (n) WHERE submission_version_id = 'v1b';
    """
    folder = tmp_path / "many"
    edition = made.make_site(folder, OUTCOMES + many)
    section = indicators.page(data.load(edition), indicators.read(edition), "foreign_investment")["sections"][0]
    listed = {row["department_key"] for row in section["rows"]}
    assert len(listed) == indicators.MOST_LISTED and section["left_out"] == 3
    assert {"c1.7", "c2.commerce", "c1.0"} <= listed
    assert not {"c1.commerce", "c2.water"} & listed, "what is best, and what was never verified, is left out first"
    html = page(edition, "indicator/foreign_investment.html")
    assert f"共{indicators.MOST_LISTED + 3}条，这里列出{indicators.MOST_LISTED}条" in words(html)
    assert 'class="online" href="../../csv/fct_indicator_outcome.csv"' in html


def test_the_page_of_an_indicator_leads_to_the_sentence(edition: Path) -> None:
    html = page(edition, "indicator/foreign_investment.html")
    assert 'href="../department/c1.commerce.html#i2024-foreign_investment"' in html
    assert 'id="i2024-foreign_investment"' in page(edition, "department/c1.commerce.html")
    assert "133.00万元" in words(html) and "≥100.00万元" in words(html)
    english = page(edition, "en/indicator/foreign_investment.html")
    assert "133.00 × 10,000 yuan" in english and "Foreign investment used" in english


def test_all_indicators_stand_by_category(edition: Path) -> None:
    html = page(edition, "indicators.html")
    [row] = re.findall(r'<tr data-indicator="foreign_investment">.*?</tr>', html, re.S)[:1]
    assert words(row).startswith("实际利用外资32210111.50%")
    assert 'href="indicator/foreign_investment.html"' in row


def test_a_function_ranks_departments_across_divisions(edition: Path, loaded: data.Edition) -> None:
    found = functions.Functions(Book(loaded)).page("commerce")
    first = found["sections"][0]
    assert [(row["rank"], row["department_key"]) for row in first["rows"]] == [
        (1, "c1.commerce"), (1, "c2.commerce"), (3, "c3.commerce"),
    ]  # fmt: skip
    assert [row["department_key"] for row in first["unranked"]] == ["c4.commerce"]
    assert (first["units"], first["ranked_units"], first["median"]) == (4, 3, Decimal("87.125"))
    assert first["rows"][2]["status"] == "returned"
    html = page(edition, "function/commerce.html")
    assert 'href="../department/c1.commerce.html#y2024"' in html and 'href="../division/c1.html#y2024"' in html


def test_departments_without_a_function_are_listed(edition: Path, loaded: data.Edition) -> None:
    first = functions.Functions(Book(loaded)).index()["sections"][0]
    assert [row["function"] for row in first["rows"]] == ["commerce"]
    assert {row["department_key"] for row in first["without"]} == {f"c4.{number}" for number in range(1, 6)}
    assert "没有职能的部门：5个" in words(page(edition, "functions.html"))


MEASURES = """
CREATE TABLE measure_department (division_key VARCHAR, department_key VARCHAR, fiscal_year INTEGER,
  spent_yuan DECIMAL(20,2), adjusted_budget_yuan DECIMAL(20,2), completion_sum DECIMAL(18,8), outcomes INTEGER,
  core_claims INTEGER, verified_claims INTEGER, on_time INTEGER, on_time_of INTEGER);
INSERT INTO measure_department VALUES ('c1', 'c1.1', 2024, 90, 100, 1.5, 2, 10, 9, 1, 1),
  ('c1', 'c1.2', 2024, 10, 300, NULL, NULL, 10, 1, 0, 1), ('c2', 'c2.1', 2024, NULL, NULL, 1.2, 1, 0, 0, NULL, NULL);
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_site(tmp_path_factory.mktemp("peers"), MEASURES)


def test_a_division_stands_beside_the_median_of_its_league(beside: Path) -> None:
    bars = {bar["measure"]: bar for bar in peers.Peers(data.load(beside)).of("c3", 2024)}
    assert (bars["execution_score"]["value"], bars["execution_score"]["median"]) == (10, Decimal("18.5"))
    assert bars["outcome_score"]["peers"] == 2, "a part that cannot be assessed is no value"
    assert bars["score"]["low"] is None, "three divisions have no quartiles"
    assert bars["execution_rate"]["value"] is None and bars["execution_rate"]["median"] == Decimal("0.25")


def test_rates_are_quotients_of_sums(beside: Path) -> None:
    bars = {bar["measure"]: bar for bar in peers.Peers(data.load(beside)).of("c1", 2024)}
    rates = {name: bars[name]["value"] for name in peers.RATES}
    assert rates == {
        "execution_rate": Decimal("0.25"), "completion_rate": Decimal("0.75"), "verified_share": Decimal("0.5"),
        "on_time_share": Decimal("0.5"),
    }  # fmt: skip
    # Beside a mean completion of 120 % the axis is longer than full, and nothing leaves it.
    assert bars["completion_rate"]["at_full"] < 100
    for bar in bars.values():
        assert all(value is None or 0 <= value <= 100 for value in bar["at"].values())


def test_quartiles_are_values_of_the_league() -> None:
    values = [Decimal(number) for number in range(1, 9)]
    assert (peers._quartile(values, 1), peers._quartile(values, 3)) == (2, 6)
    for count in range(1, 30):
        some = [Decimal(number) for number in range(count)]
        low, high = duckdb.execute("SELECT quantile_disc(n, [0.25, 0.75]) FROM range(?) r (n)", [count]).fetchone()[0]
        assert (peers._quartile(some, 1), peers._quartile(some, 3)) == (low, high)


def test_a_division_that_is_not_ranked_has_no_league_to_stand_beside(beside: Path) -> None:
    found = peers.Peers(data.load(beside))
    assert found.of("nowhere", 2024) == [] and found.of("c4", 2024) == []


def test_the_same_edition_gives_the_same_pages(edition: Path, loaded: data.Edition, tmp_path: Path) -> None:
    writer = Writer(tmp_path, loaded)
    for write in across.ACROSS:
        write(Book(loaded), writer)
    for name in ("functions.html", "indicators.html", "en/function/commerce.html", "indicator/foreign_investment.html"):
        assert (tmp_path / name).read_bytes() == (edition / "site" / name).read_bytes()


def test_the_last_band_has_no_end(edition: Path) -> None:
    html = page(edition, "indicator/foreign_investment.html")
    assert "<title>130%–140% 已核实 1</title>" in html and "<title>150%+ 有矛盾 1</title>" in html
