"""The night after the sample's first: a report that came again moves ranks, and what is published says why."""

import json
from decimal import Decimal

import pytest

from tests.nights import Home, Run

pytestmark = pytest.mark.night


def test_what_moved_adds_up_and_has_its_cause(next_night: tuple[Home, Run]) -> None:
    home, run = next_night
    assert run.facts["gate"] in ("pass", "notice")
    [(division, department)] = home.rows("SELECT division_key, department_key FROM movement_member")
    parts = home.rows(f"SELECT cause, points FROM movement_division WHERE division_key = '{division}' AND points <> 0")
    [(before, now)] = home.rows(
        f"SELECT DISTINCT score_before, score_now FROM movement_division WHERE division_key = '{division}'"
    )
    assert parts == [("resubmission", now - before)] and now < before
    for places, moved in home.rows(
        "SELECT sum(places), any_value(rank_before - rank_now) FROM movement_division GROUP BY division_key, method_id"
    ):
        assert places == moved
    page = (home.current / "site" / "division" / f"{division}.html").read_text(encoding="utf-8")
    assert "名次为何变动" in page and f'href="../department/{department}.html#y2024"' in page


def test_the_difference_names_the_figures_and_the_cause(next_night: tuple[Home, Run]) -> None:
    home, _ = next_night
    told = json.loads((home.current / "diff.json").read_text(encoding="utf-8"))
    [restated] = told["restated"]
    figures = told["restated_figures"]
    assert figures and {row["submission_version_id"] for row in figures} == {restated["submission_version_id"]}
    assert len(figures) == told["counts"]["restated_figures"]
    scores = told["department_score_changes"]
    assert {row["department_key"] for row in scores} == {restated["department_key"]}
    for row in scores:
        [own] = [cause for cause in row["causes"] if cause["cause"] != "peers"]
        assert own["cause"] == "resubmission"
        assert Decimal(own["points"]) == Decimal(row["to"]) - Decimal(row["from"])


def test_people_are_told_the_same(next_night: tuple[Home, Run]) -> None:
    """The page of changes, the notice and the log of corrections say what the difference says."""
    home, _ = next_night
    told = json.loads((home.current / "diff.json").read_text(encoding="utf-8"))
    [restated] = told["restated"]
    page = (home.current / "site" / "changes.html").read_text(encoding="utf-8")
    assert f'href="department/{restated["department_key"]}.html#y2024"' in page and restated["department_name"] in page
    notice = (home.current / "notice.txt").read_text(encoding="utf-8")
    assert f"补正 1，撤回 0，结论变化 0，数字被补正 {told['counts']['restated_figures']}" in notice
    [entry] = json.loads((home.current / "corrections.json").read_text(encoding="utf-8"))
    assert (entry["kind"], entry["now"]) == ("restated", restated["submission_version_id"])
    assert len(entry["figures"]) == told["counts"]["restated_figures"]
