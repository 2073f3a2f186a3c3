"""A past night from the lake alone: `jiheng build --as-of` gives the tables of then, whatever has come since."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ingest.lake import Lake
from jiheng import night, warehouse
from jiheng.cli import app
from jiheng.night import AsOfError, Night
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.warehouse import WAREHOUSE
from publish import editions
from tests.component.small_lake import (
    LATE,
    NEXT_NIGHT,
    NIGHT,
    YEAR,
    Build,
    Row,
    Rows,
    division,
    due,
    failed,
    patchy_report,
    problem,
    version,
    whole_report,
)

FIRST = NIGHT + timedelta(minutes=10)  # when the first night looked at the lake; in UTC+8 it is a day later


def first_night() -> Rows:
    departments = ("one-trade", "two-trade", "three-trade", "four-trade")
    return {
        "division": [division("east", "province", None, "east")]
        + [division(key, "county", "county", "east") for key in ("one", "two", "three", "four")],
        "due_submission": [due(*name.split("-")) for name in departments] + [due("one", "late")],
        "submission_version": [version(name) for name in departments],
        "claim": [claim for name in departments[:3] for claim in whole_report(f"{name}-v1")]
        + patchy_report("four-trade-v1"),
        "finding": [failed("three-trade-v1", "A01", "P0"), failed("two-trade-v1", "B06", "P1")],
    }  # fmt: skip


def later() -> Rows:
    """Everything that may come after: a resubmission, a re-reading, changed registers, a rename, acts, an answer."""
    renamed = {
        "division_key": "one", "old_name": "贸易局", "old_department_key": "one-trade", "old_department_name": "贸易局",
        "new_division_key": "one", "new_name": "商务局", "new_department_key": "one-commerce",
        "new_department_name": "商务局", "changed_on": date(YEAR, 5, 1), "kind": "rename", "is_principal": False,
    }  # fmt: skip
    waiver = {
        "act_id": "w", "kind": "waiver", "rule_id": "B06", "words": "口径", "by": "甲", "approved_by": "乙",
        "valid_until": date(2030, 1, 1), "at": NEXT_NIGHT,
    }  # fmt: skip
    answer = {
        "answer_id": "r", "review_item_id": "i", "question": "indicator", "surface": "新竣工项目",
        "unit_family": "money", "answer_kind": "new_indicator", "answer": "finished_value", "name": "竣工额",
        "name_en": "Value of finished projects", "category": "output_quantity", "direction": "positive",
        "indicator_unit_family": "money", "answered_by": "甲", "answered_at": NEXT_NIGHT,
    }  # fmt: skip
    withdrawal = {"act_id": "x", "kind": "withdrawal", "submission_id": f"four-trade-{YEAR}", "at": NEXT_NIGHT}
    return {
        "division": [division("two", "district", "county", "east") | {"name": "新名"}],
        "due_submission": [due("one", "trade") | {"due_on": date(2025, 1, 1)}],
        "department_change": [renamed],
        "submission_version": [version("three-trade", "accepted", 2, LATE), version("two-trade")],
        "claim": whole_report("three-trade-v2") + whole_report("two-trade-v1")[:4],
        "statement": [problem("three-trade-v2")],
        "act": [waiver, withdrawal],
        "review_answer": [answer],
    }


def tables(settings: Settings, edition_id: str) -> dict[str, list[Row]]:
    """The tables of an edition; what it is called stands in some of them."""
    places = settings.home.glob(f"private/*/{edition_id}/{WAREHOUSE}")
    found = Build(max(places, key=lambda path: path.stat().st_mtime_ns)).tables()
    return {name: [row | {"edition_id": None} for row in rows] for name, rows in found.items()}


@pytest.fixture(scope="module", autouse=True)
def without_data_tests() -> Iterator[None]:
    """The tables alone are looked at here: dbt's tests of them would take as long again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse, "build", partial(warehouse.build, tests=False))
        yield


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(tmp_path_factory.mktemp("home"))
    Lake(made.lake).land(first_night(), NIGHT)
    return made


@pytest.fixture(scope="module")
def built(settings: Settings) -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """The first night's build, as it was made before anything else was known."""
    facts = night.build_warehouse(settings, Night("first", FIRST, FIRST))
    found = tables(settings, facts["edition_id"])
    shutil.rmtree(settings.home / "private")
    return facts, found


def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setenv("JIHENG_HOME", str(settings.home))
    return CliRunner().invoke(app, list(arguments))


def test_a_past_night_is_built_again_from_the_lake_alone(
    settings: Settings, built: tuple[dict[str, Any], dict[str, list[Row]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    then, before = built
    Lake(settings.lake).land(later(), NEXT_NIGHT)
    done = run(settings, monkeypatch, "build", "--as-of", FIRST.isoformat())
    assert done.exit_code == 0, done.output
    again = json.loads(done.stdout.splitlines()[-1])
    assert again == then
    after = tables(settings, again["edition_id"])
    assert after.keys() == before.keys()
    assert [name for name in before if after[name] != before[name]] == []
    assert len(before["dim_submission"]) == 4 and before["rank_division"]

    # The same words in local time, without a zone, are the same night; what came later changes the next one.
    local = FIRST.astimezone(LOCAL_TIME).replace(tzinfo=None)
    assert Night.begin("again", local.isoformat()).as_of == FIRST
    next_facts = night.build_warehouse(settings, Night("next", NEXT_NIGHT, NEXT_NIGHT))
    changed = tables(settings, next_facts["edition_id"])
    differing = {name for name in before if changed[name] != before[name]}
    assert {"dim_division", "dim_department", "dim_submission", "dim_indicator", "fct_claim", "fct_act"} <= differing


def test_the_day_follows_the_time(
    settings: Settings, built: tuple[dict[str, Any], dict[str, list[Row]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that was due on 31 March is overdue by as many days as the night's local day is later."""
    late = "one-late"
    assert FIRST.date() == date(2025, 4, 2) and FIRST.astimezone(LOCAL_TIME).date() == date(2025, 4, 3)
    [row] = [row for row in built[1]["filing_overview"] if row["department_key"] == late]
    assert (row["state"], row["days_late"]) == ("overdue", 3)
    done = run(settings, monkeypatch, "build", "--as-of", "2025-04-03")
    [row] = [
        row
        for row in tables(settings, json.loads(done.stdout.splitlines()[-1])["edition_id"])["filing_overview"]
        if row["department_key"] == late
    ]
    assert row["days_late"] == 3


def test_a_past_night_follows_the_edition_that_stood_then(settings: Settings, tmp_path: Path) -> None:
    home = Settings(tmp_path)
    for name, at in (("e1", NIGHT), ("e2", NEXT_NIGHT)):
        editions.record(home.editions, {"event": "publish", "edition_id": name, "at": at.isoformat(timespec="seconds")})
    assert night._previous(home, "new", FIRST) == home.editions / "e1"
    assert night._previous(home, "new", NEXT_NIGHT) == home.editions / "e2"
    assert night._previous(home, "e1", NEXT_NIGHT) is None
    assert night._previous(home, "new", NIGHT - timedelta(hours=1)) is None


@pytest.mark.parametrize("written", ["昨天", "2025-13-01", "2125-01-01", "2125-01-01T00:00:00+08:00"])
def test_a_time_that_is_none_or_to_come_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    with pytest.raises(AsOfError):
        Night.begin("run", written)
    done = run(settings, monkeypatch, "build", "--as-of", written)
    assert done.exit_code == 2 and "E2007" in done.stderr and written in done.stderr


def test_a_day_means_its_end_and_today_means_now() -> None:
    assert Night.begin("run", "2025-04-03").as_of == datetime(2025, 4, 3, 15, 59, 59, 999999, tzinfo=UTC)
    begun = Night.begin("run", datetime.now(LOCAL_TIME).date().isoformat())
    assert begun.as_of == begun.moment
