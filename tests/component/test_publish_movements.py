"""Why a rank moved, as the pages and `diff.json` tell it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from publish import editions, format
from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def words(edition: Path, name: str) -> str:
    """A page's words, without markup, blanks run together."""
    html = (edition / "site" / name).read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_a_division_page_shows_the_causes_and_the_departments_behind_them(edition: Path) -> None:
    html = (edition / "site" / "division" / "c1.html").read_text(encoding="utf-8")
    rows = dict(re.findall(r'<tr data-cause="(\w+)">(.*?)</tr>', html, re.DOTALL))
    assert list(rows) == ["resubmission", "peers", "total"]
    assert 'data-value="3.02000000"' in rows["resubmission"] and 'title="3.02"' in rows["resubmission"]
    assert 'href="../department/c1.commerce.html#y2024"' in rows["resubmission"]
    told = words(edition, "division/c1.html")
    assert "得分 84.11 → 87.13（+3.02），名次 2 → 1" in told
    assert "1 个部门：一县商务局 +3.02（84.11 → 87.13）本期以另一版本的报告为准" in told
    assert "▲ 1" in rows["peers"] and "▲ 1" in rows["total"]


def test_a_division_that_moved_by_others_alone_is_told_so(edition: Path) -> None:
    html = (edition / "site" / "division" / "c3.html").read_text(encoding="utf-8")
    rows = dict(re.findall(r'<tr data-cause="(\w+)">(.*?)</tr>', html, re.DOTALL))
    assert list(rows) == ["peers", "total"] and "▼ 2" in rows["peers"]
    assert "名次为何变动" not in words(edition, "division/c2.html")


def test_where_nothing_can_be_split_the_reason_and_the_departments_stand(edition: Path) -> None:
    told = words(edition, "division/c5.html")
    assert "本期开始排名：上期没有名次，无从比较。" in told
    assert "本期变动的部门：新报送 1 个（五区商务局）。" in told


def test_a_department_page_has_one_line(edition: Path) -> None:
    told = words(edition, "department/c1.commerce.html")
    assert "名次为何变动：第 2 名 → 第 1 名，得分 84.11 → 87.13。重新报送 +3.02 分、0 名；他方变动 ▲ 1 名。" in told


@pytest.mark.parametrize(
    ("value", "shown"),
    [("3.005", "+3.01"), ("-0.1", "−0.10"), ("0.00000012", "+0.00000012"), ("0.00000000", "0"), (None, "不适用")],
)
def test_a_change_never_looks_like_none(value: str | None, shown: str) -> None:
    assert format.points_moved(Decimal(value) if value else None) == shown


def test_the_difference_says_why(edition: Path, tmp_path: Path) -> None:
    build = made.build_database(tmp_path / "b.duckdb", "e2")
    with duckdb.connect(str(build)) as con:
        con.execute("UPDATE rank_division SET rank = 2, score = 80 WHERE division_key = 'c1'")
        con.execute("UPDATE rank_department SET score = 80 WHERE department_key = 'c1.commerce'")
        con.execute("UPDATE dim_submission SET submission_version_id = 'v1c' WHERE submission_version_id = 'v1b'")
        con.execute(
            "INSERT INTO fct_restatement BY NAME SELECT unnest(['v1c', 'v1a']) AS submission_version_id, "
            "'budget' AS fact, 'initial|total' AS fact_key, 'changed' AS change, 300 AS value_before, "
            "310 AS value_after, 'c1' AS division_key, 'c1.commerce' AS department_key, 2024 AS fiscal_year"
        )
    editions.export_warehouse(build, tmp_path / "e2")
    found = editions.difference(edition, tmp_path / "e2")
    [moved] = found["ranks_moved"]
    assert (moved["from"], moved["to"], [cause["cause"] for cause in moved["causes"]]) == (
        1, 2, ["peers", "resubmission"],
    )  # fmt: skip
    [score] = found["department_score_changes"]
    assert (score["name"], score["from"], score["to"]) == ("一县商务局", Decimal("87.125"), 80)
    assert [(cause["cause"], cause["points"]) for cause in score["causes"]] == [
        ("peers", 0), ("resubmission", Decimal("3.02")),
    ]  # fmt: skip
    # Only what a version says that the edition before did not have.
    assert [row["submission_version_id"] for row in found["restated_figures"]] == ["v1c"]
    assert found["counts"]["restated_figures"] == found["counts"]["department_scores_changed"] == 1


def test_a_renamed_department_is_the_same_one(edition: Path, tmp_path: Path) -> None:
    """The reform is registered between the editions: its rank and its report go on under the new name."""
    build = made.build_database(tmp_path / "b.duckdb", "e2")
    with duckdb.connect(str(build)) as con:
        con.execute("UPDATE dim_department SET line_key = 'c3.market' WHERE department_key = 'c3.commerce'")
        con.execute(
            "INSERT INTO dim_department BY NAME SELECT 'c3.market' AS department_key, 'c3' AS division_key, "
            "'三县市场局' AS name, 'c3.market' AS line_key"
        )
        for table in ("rank_department", "dim_submission"):
            con.execute(f"UPDATE {table} SET department_key = 'c3.market' WHERE department_key = 'c3.commerce'")
        # It had handed in under the new name too, and both are one submission now.
        con.execute("UPDATE dim_submission SET submission_id = 'joined' WHERE department_key = 'c3.market'")
    editions.export_warehouse(build, tmp_path / "e2")
    assert editions.difference(edition, tmp_path / "e2") == {"unchanged": True}


def test_a_report_that_was_taken_back_is_withdrawn(edition: Path, tmp_path: Path) -> None:
    build = made.build_database(tmp_path / "b.duckdb", "e2")
    with duckdb.connect(str(build)) as con:
        con.execute("UPDATE dim_submission SET status = 'withdrawn' WHERE submission_version_id = 'v2'")
    editions.export_warehouse(build, tmp_path / "e2")
    found = editions.difference(edition, tmp_path / "e2")
    assert [row["submission_version_id"] for row in found["withdrawn"]] == ["v2"]
    assert found["reassessed"] == []
