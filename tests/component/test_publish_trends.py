"""Ranks over the editions as pages draw them: gaps, changes, and lines that say what the history says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from publish import data
from publish.site import trends
from tests.component import edition_fixture as made

# c1 is listed from the second edition on, changes in the fourth and is unranked in the fifth; the third edition did not
# compute the method.
HISTORY = """
CREATE TABLE edition_history AS SELECT n::INTEGER AS position, 'e' || n AS edition_id,
  TIMESTAMPTZ '2026-11-01 18:00:00+00' + n * INTERVAL 1 DAY AS as_of, DATE '2026-11-01' + n::INTEGER AS night_on,
  CASE WHEN n = 3 THEN ['m0'] ELSE ['m0', 'm1'] END AS method_ids FROM range(1, 7) r (n);
CREATE TABLE rank_division_history AS SELECT 'm1' AS method_id, 2024::INTEGER AS fiscal_year, 'c1' AS division_key,
  'e' || n AS since_edition_id, TIMESTAMPTZ '2026-11-01 18:00:00+00' + n * INTERVAL 1 DAY AS since_as_of,
  'county' AS league, rank IS NOT NULL AS is_ranked, rank::INTEGER AS rank, rank::INTEGER AS rank_low,
  (rank + 2)::INTEGER AS rank_high, score::DECIMAL(18,8) AS score, false AS is_provisional, 9::INTEGER AS units
FROM (VALUES (2, 5, 71.25), (4, 3, 74.5), (5, NULL, NULL), (6, 4, 74)) h (n, rank, score);
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_site(tmp_path_factory.mktemp("edition"), HISTORY)


def test_each_edition_has_the_rank_that_held_then(edition: Path) -> None:
    steps = trends.Trends(data.load(edition)).of("c1", 2024)
    assert [row["rank"] for row in steps] == [None, 5, None, 3, None, 4]
    assert [row["has_changed"] for row in steps] == [True, True, False, True, True, True]
    assert [row["edition_id"] for row in steps] == [f"e{number}" for number in range(1, 7)]
    assert trends.Trends(data.load(edition)).of("c9", 2024)[0]["rank"] is None


def test_a_rank_holds_until_it_changes(edition: Path, tmp_path: Path) -> None:
    longer = "INSERT INTO edition_history SELECT 7 + n, 'f' || n, as_of, night_on, method_ids FROM edition_history, " \
        f"range({trends.EDITIONS_SHOWN + 5}) r (n) WHERE position = 6;"  # fmt: skip
    steps = trends.Trends(data.load(made.make_site(tmp_path / "long", HISTORY + longer))).of("c1", 2024)
    assert len(steps) == trends.EDITIONS_SHOWN and {row["rank"] for row in steps} == {4}
    assert steps[0]["has_changed"] and not any(row["has_changed"] for row in steps[1:])


def test_a_gap_is_a_gap(edition: Path) -> None:
    steps = trends.Trends(data.load(edition)).of("c1", 2024)
    line = trends.sparkline(steps)
    assert line is not None and [len(run) for run in line["lines"]] == [1, 1, 1]
    assert (line["first"]["rank"], line["last"]["rank"], line["best"], line["worst"]) == (5, 4, 3, 5)
    # The best rank is at the top, the worst at the bottom; the newest edition at the right end.
    assert [run[0][1] for run in line["lines"]] == [trends.SPARK_HEIGHT, 0, trends.SPARK_HEIGHT / 2]
    assert line["end"] == (trends.SPARK_WIDTH, trends.SPARK_HEIGHT / 2)


def test_a_chart_has_the_league_for_its_axis(edition: Path) -> None:
    chart = trends.chart(trends.Trends(data.load(edition)).of("c1", 2024))
    assert chart is not None and (chart["worst"], chart["low"], chart["high"]) == (9, 70, 75)
    ys = [run[0][1] for run in chart["ranks"]]
    assert ys == [trends.RANK_HEIGHT * (rank - 1) / 8 for rank in (5, 3, 4)]
    for rank, band in zip(ys, chart["bands"], strict=True):
        assert min(y for _, y in band) <= rank <= max(y for _, y in band) <= trends.RANK_HEIGHT
    assert [step["label"] for step in chart["steps"]][:2] == ["11-02", "11-03"]


def test_one_edition_is_no_trend(edition: Path) -> None:
    steps = trends.Trends(data.load(edition)).of("c1", 2024)
    assert trends.sparkline(steps[:2]) is None and trends.chart(steps[:1]) is None
    html = (edition / "site" / "division" / "c3.html").read_text(encoding="utf-8")
    assert "历期名次" not in html
    assert "历期名次" in (edition / "site" / "division" / "c1.html").read_text(encoding="utf-8")


def test_an_edition_without_history_has_no_trend(tmp_path: Path) -> None:
    edition = made.make_site(tmp_path / "older", "")
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        assert not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'edition_history'").fetchall()
    assert trends.Trends(data.load(edition)).of("c1", 2024) == []
    assert trends.chart([]) is None
