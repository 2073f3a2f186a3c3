"""Why scores and ranks moved: two nights of a small lake between which every cause of a movement happens once."""

import shutil
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from tests.component.small_lake import (
    NEXT_NIGHT,
    NIGHT,
    NO_UNIT_TESTS,
    YEAR,
    Build,
    Row,
    Rows,
    build,
    division,
    due,
    failed,
    land,
    patchy_report,
    version,
    whole_report,
)

# The score of a whole report without any problem named, and of one that is patchy; see `small_lake`.
WHOLE, PATCHY = Decimal("96.06333333"), Decimal("68.61111128")
FIRST = ("one-trade", "one-water", "one-works", "one-roads", "one-parks", "two-trade", "three-trade", "four-trade")


def claims(*versions: str) -> list[Row]:
    return [claim for one in versions for claim in whole_report(one)]


def first_night() -> Rows:
    owed = (*FIRST, "one-health", "three-health")
    return {
        "division": [division("east", "province", None, "east")]
        + [division(key, "county", "county", "east") for key in ("one", "two", "three", "four")],
        "due_submission": [due(*name.split("-")) for name in owed],
        "submission_version": [version(name) for name in FIRST],
        "claim": claims(*(f"{name}-v1" for name in FIRST if name != "one-works")) + patchy_report("one-works-v1"),
        "finding": [failed("one-parks-v1", "A01", "P0")],
    }


def second_night() -> Rows:
    """In county one every cause once: a department more in the register, a new report, a withdrawal, another version,
    a newer reader, a waiver; and one that is only renamed. County three comes into the ranking, county four leaves it.
    """
    renamed = {
        "division_key": "one", "old_name": "trade", "old_department_key": "one-trade",
        "old_department_name": "one贸易局", "new_division_key": "one", "new_name": "commerce",
        "new_department_key": "one-commerce", "new_department_name": "one商务局", "changed_on": date(YEAR, 5, 1),
        "kind": "rename", "is_principal": False,
    }  # fmt: skip
    acts = {"words": "理由", "by": "甲", "at": NEXT_NIGHT}
    waiver = {
        "act_id": "w", "kind": "waiver", "rule_id": "A01", "department_key": "one-parks", "approved_by": "乙",
        "valid_until": date(2030, 1, 1),
    }  # fmt: skip
    again = version("one-roads") | {"reader_version": "2"}
    return {
        "due_submission": [due("one", "late")],
        "department_change": [renamed],
        "submission_version": [version("one-health"), version("one-works", number=2), version("three-health"), again],
        "claim": claims("one-health-v1", "one-works-v2", "three-health-v1") + whole_report("one-roads-v1")[:5],
        "act": [
            waiver | acts,
            {"act_id": "x", "kind": "withdrawal", "submission_id": f"one-water-{YEAR}"} | acts,
            {"act_id": "y", "kind": "withdrawal", "submission_id": f"four-trade-{YEAR}"} | acts,
        ],
    }


def as_edition(built: Build, home: Path) -> Path:
    """The Parquet of a build's published tables, as an edition has it."""
    (home / "parquet").mkdir(parents=True)
    with duckdb.connect(str(built.path), read_only=True) as con:
        for table in built.tables():
            con.execute(f"COPY {table} TO '{home}/parquet/{table}.parquet' (FORMAT parquet)")
    return home


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lake")
    land(root, "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    land(root, "1-first", NIGHT, first_night())
    land(root, "2-second", NEXT_NIGHT, second_night())
    return root


@pytest.fixture(scope="module")
def first(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("first"), NIGHT, *NO_UNIT_TESTS)


@pytest.fixture(scope="module")
def edition(first: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return as_edition(first, tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="module")
def second(lake: Path, edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("second"), NEXT_NIGHT, *NO_UNIT_TESTS, previous=edition)


def test_every_cause_has_its_part_and_the_parts_add_up(second: Build) -> None:
    found = second.rows(
        "SELECT m.* FROM movement_division m JOIN movement_causes c ON m.cause = c.code "
        "WHERE division_key = 'one' ORDER BY c.position"
    )
    read_anew = second.row("FROM rank_department WHERE department_key = 'one-roads'")["score"]
    assert read_anew < WHOLE
    # Six departments counted then: four with a score, one without a report, one returned. Seven count now.
    sums = [3 * WHOLE + PATCHY] * 2
    for change in (WHOLE, -WHOLE, WHOLE - PATCHY, read_anew - WHOLE, WHOLE):
        sums.append(sums[-1] + change)
    way = [sums[0] / 6, *(one / 7 for one in sums[1:])]
    steps = [one.quantize(Decimal("1e-8"), rounding=ROUND_HALF_UP) for one in way]
    names = ["register", "new_report", "withdrawal", "resubmission", "rereading", "correction"]
    assert [(row["cause"], row["points"]) for row in found] == [
        (name, after - before) for name, before, after in zip(names, steps, steps[1:], strict=False)
    ]
    assert all(row["departments"] == 1 and row["is_split"] for row in found)
    one = second.row("FROM rank_division WHERE division_key = 'one'")
    assert (found[0]["score_before"], found[0]["score_now"]) == (steps[0], one["score"])
    assert sum(row["places"] for row in found) == found[0]["rank_before"] - one["rank"]


def test_the_departments_behind_a_part_are_named(second: Build) -> None:
    found = second.rows("FROM movement_member WHERE division_key = 'one' ORDER BY department_key")
    assert [(row["department_key"], row["cause"], row["version_before"], row["version_now"]) for row in found] == [
        ("one-health", "new_report", None, "one-health-v1"),
        ("one-late", "register", None, None),
        ("one-parks", "correction", "one-parks-v1", "one-parks-v1"),
        ("one-roads", "rereading", "one-roads-v1", "one-roads-v1"),
        ("one-water", "withdrawal", "one-water-v1", None),
        ("one-works", "resubmission", "one-works-v1", "one-works-v2"),
    ]
    parts = {row["cause"]: row["points"] for row in second.rows("FROM movement_division WHERE division_key = 'one'")}
    assert {row["cause"]: row["points"] for row in found} == parts


def test_where_a_rank_came_or_went_nothing_is_split_and_the_reason_stands(second: Build) -> None:
    found = second.rows("FROM movement_division WHERE division_key IN ('three', 'four') ORDER BY division_key")
    assert [(row["division_key"], row["cause"], row["is_split"], row["points"], row["places"]) for row in found] == [
        ("four", "no_longer_ranked", False, None, None),
        ("three", "newly_ranked", False, None, None),
    ]
    behind = second.rows("FROM movement_member WHERE division_key IN ('three', 'four') ORDER BY division_key")
    assert [(row["department_key"], row["cause"], row["points"]) for row in behind] == [
        ("four-trade", "withdrawal", None),
        ("three-health", "new_report", None),
    ]


def test_a_department_moves_by_one_cause_and_by_its_peers(second: Build) -> None:
    found = second.rows("FROM movement_department WHERE is_split ORDER BY department_key, cause")
    moved = {(row["department_key"], row["cause"]): (row["points"], row["places"]) for row in found}
    # Two places are gone (water, four) and three are new (health, parks, three-health), all of them equal to the best.
    assert moved.keys() == {
        ("one-roads", "rereading"), ("one-roads", "peers"), ("one-works", "resubmission"),
    }  # fmt: skip
    assert moved["one-works", "resubmission"] == (WHOLE - PATCHY, 6)
    # A renamed department whose report stands as it stood has not moved.
    assert not [key for key in moved if key[0] in ("one-trade", "one-commerce")]
    unsplit = second.rows("FROM movement_department WHERE NOT is_split ORDER BY department_key")
    assert [(row["department_key"], row["cause"], row["own_cause"]) for row in unsplit] == [
        ("four-trade", "no_longer_ranked", "withdrawal"),
        ("one-health", "newly_ranked", "new_report"),
        ("one-parks", "newly_ranked", "correction"),
        ("one-water", "no_longer_ranked", "withdrawal"),
        ("three-health", "newly_ranked", "new_report"),
    ]


def test_without_a_previous_edition_nothing_moved(first: Build) -> None:
    for table in ("movement_division", "movement_department", "movement_member"):
        assert first.rows(f"FROM {table}") == []


def test_an_edition_of_an_older_program_gives_no_movements_and_no_error(
    lake: Path, edition: Path, tmp_path: Path
) -> None:
    """It has no table of methods with their status, and no column for what is due; ranks are compared all the same."""
    shutil.copytree(edition, tmp_path / "older")
    parquet = tmp_path / "older" / "parquet"
    (parquet / "ranking_methods.parquet").unlink()
    with duckdb.connect() as con:
        file = parquet / "rank_department.parquet"
        con.execute(f"COPY (SELECT * EXCLUDE (due) FROM '{file}') TO '{file}.new' (FORMAT parquet)")
        Path(f"{file}.new").rename(file)
    wanted = ("--select", "+movement_division", "+movement_department", "+movement_member", "--indirect-selection",
              "empty", *NO_UNIT_TESTS)  # fmt: skip
    built = build(lake, tmp_path, NEXT_NIGHT, *wanted, previous=tmp_path / "older")
    assert built.rows("FROM movement_division") == built.rows("FROM movement_department") == []
    assert built.row("FROM rank_division WHERE division_key = 'two'")["previous_rank"] == 1


def test_what_was_restated_is_listed_with_both_claims(second: Build) -> None:
    found = second.rows("FROM fct_restatement ORDER BY fact, fact_key")
    assert {row["submission_version_id"] for row in found} == {"one-works-v2"}
    assert all(row["submission_version_id_before"] == "one-works-v1" and row["is_current"] for row in found)
    told = {(row["fact"], row["fact_key"]): row for row in found}
    initial = told["budget", "initial|total"]
    assert (initial["change"], initial["value_before"], initial["value_after"], initial["unit_after"]) == (
        "changed", Decimal("7692100"), Decimal("900000"), "元",
    )  # fmt: skip
    assert (initial["claim_id_before"], initial["claim_id_after"]) == ("one-works-v1-0001", "one-works-v2-0001")
    assert told["budget", "adjusted|total"]["change"] == "added"
    assert told["self_grade", ""]["change"] == "dropped" and told["self_grade", ""]["words_before"] == "优"
    assert (told["indicator_target", "landed_projects"]["value_before"], told["self_score", ""]["value_after"]) == (
        90, 90,
    )  # fmt: skip
    assert told["indicator_target", "foreign_trade"]["change"] == "dropped"
