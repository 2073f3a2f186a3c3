"""Ranks over the editions: what each edition tells of the nights before it, and what it adds."""

import shutil
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.component.small_lake import NEXT_NIGHT, NIGHT, NO_UNIT_TESTS, YEAR, Build, build, land, version
from tests.component.test_movements import as_edition, claims, first_night, second_night

THIRD_NIGHT = NEXT_NIGHT + timedelta(days=1)
FOURTH_NIGHT = THIRD_NIGHT + timedelta(days=1)
IDS = [f"{night:%Y-%m-%d}" for night in (NIGHT, NEXT_NIGHT, THIRD_NIGHT, FOURTH_NIGHT)]
STATE = "league, is_ranked, rank, rank_low, rank_high, score, is_provisional"
WANTED = (
    *("--select", "+rank_division_history", "+edition_history", "history_ends_with_tonight"),
    *("--indirect-selection", "cautious", *NO_UNIT_TESTS),
)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Build]:
    """Four nights, each on the edition before: the third brings nothing, the fourth a better report of county two."""
    lake = tmp_path_factory.mktemp("lake")
    land(lake, "1-first", NIGHT, first_night())
    land(lake, "2-second", NEXT_NIGHT, second_night())
    fourth = {
        "submission_version": [version("two-trade", number=2)],
        "claim": [one for one in claims("two-trade-v2") if one["kind"] != "completion_rate"],
    }
    land(lake, "4-fourth", FOURTH_NIGHT, fourth)
    built: list[Build] = []
    for night in (NIGHT, NEXT_NIGHT, THIRD_NIGHT, FOURTH_NIGHT):
        home = tmp_path_factory.mktemp("night")
        previous = as_edition(built[-1], home / "previous") if built else None
        built.append(build(lake, home, night, *WANTED, previous=previous))
    return built


def test_the_first_edition_begins_the_history(nights: list[Build]) -> None:
    [edition] = nights[0].rows("FROM edition_history")
    assert (edition["position"], edition["edition_id"], edition["night_on"]) == (1, IDS[0], NIGHT.date())
    assert edition["as_of"] == NIGHT and "2026.1" in edition["method_ids"]
    assert nights[0].rows(
        f"SELECT method_id, fiscal_year, division_key, {STATE} FROM rank_division_history ORDER BY ALL"
    ) == nights[0].rows(f"SELECT method_id, fiscal_year, division_key, {STATE} FROM rank_division ORDER BY ALL")


def test_a_night_adds_what_changed_and_nothing_else(nights: list[Build]) -> None:
    for before, now in pairwise(nights):
        kept = "FROM rank_division_history ORDER BY ALL"
        added = [row for row in now.rows(kept) if row not in before.rows(kept)]
        assert [row for row in before.rows(kept) if row not in now.rows(kept)] == []
        ranks = f"SELECT method_id, fiscal_year, division_key, {STATE}, ranked_units FROM rank_division ORDER BY ALL"
        changed = [row["division_key"] for row in now.rows(ranks) if row not in before.rows(ranks)]
        assert sorted(row["division_key"] for row in added) == sorted(changed)
    assert nights[2].rows("SELECT * FROM rank_division_history ORDER BY ALL") == nights[1].rows(
        "SELECT * FROM rank_division_history ORDER BY ALL"
    )


def test_a_night_without_a_change_is_on_the_axis(nights: list[Build]) -> None:
    found = nights[3].rows("FROM edition_history ORDER BY position")
    assert [(row["position"], row["edition_id"]) for row in found] == list(enumerate(IDS, start=1))
    assert [row["as_of"] for row in found] == [NIGHT, NEXT_NIGHT, THIRD_NIGHT, FOURTH_NIGHT]


def test_every_edition_can_be_read_off_the_last_one(nights: list[Build]) -> None:
    """The state that holds at an edition is the newest row up to it: what that edition published itself."""
    for position, built in enumerate(nights, start=1):
        then = nights[3].rows(
            f"SELECT h.method_id, h.fiscal_year, h.division_key, {STATE}, h.units FROM rank_division_history h "
            f"JOIN edition_history e ON h.since_edition_id = e.edition_id WHERE e.position <= {position} "
            "QUALIFY row_number() OVER (PARTITION BY h.method_id, h.fiscal_year, h.division_key "
            "ORDER BY e.position DESC) = 1 ORDER BY ALL"
        )
        published = built.rows(
            f"SELECT method_id, fiscal_year, division_key, {STATE}, ranked_units AS units FROM rank_division "
            "ORDER BY ALL"
        )
        assert then == published


def test_building_a_night_again_gives_the_same(nights: list[Build], tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    land(lake, "1-first", NIGHT, first_night())
    land(lake, "2-second", NEXT_NIGHT, second_night())
    edition = as_edition(nights[0], tmp_path / "edition")
    again = build(lake, tmp_path, NEXT_NIGHT, *WANTED, previous=edition)
    for table in ("edition_history", "rank_division_history"):
        assert again.rows(f"FROM {table}") == nights[1].rows(f"FROM {table}")


def altered(built: Build, home: Path, *statements: str) -> Path:
    """An edition whose tables were changed after it was made."""
    copy = home / "altered.duckdb"
    home.mkdir(parents=True)
    shutil.copyfile(built.path, copy)
    with duckdb.connect(str(copy)) as con:
        for statement in statements:
            con.execute(statement)
    return as_edition(Build(copy), home / "edition")


def test_a_unit_that_is_listed_no_longer_gets_a_row_that_says_so(nights: list[Build], tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    land(lake, "1-first", NIGHT, first_night())
    was = altered(
        nights[0], tmp_path / "was",
        "INSERT INTO rank_division_history SELECT * REPLACE (2019 AS fiscal_year) FROM rank_division_history "
        "WHERE division_key = 'two'",
        "INSERT INTO rank_division_history SELECT * REPLACE ('1999.1' AS method_id) FROM rank_division_history "
        "WHERE division_key = 'two' AND fiscal_year = 2019",
    )  # fmt: skip
    now = build(lake, tmp_path, NEXT_NIGHT, *WANTED, previous=was)
    rows = now.rows(
        "SELECT method_id, since_edition_id, is_ranked, rank, units FROM rank_division_history "
        "WHERE fiscal_year = 2019 ORDER BY ALL"
    )
    assert [(row["method_id"], row["since_edition_id"], row["is_ranked"]) for row in rows] == [
        ("1999.1", IDS[0], True), ("2026.1", IDS[0], True), ("2026.1", IDS[1], False),
    ]  # fmt: skip
    assert (rows[2]["rank"], rows[2]["units"]) == (None, None)
    # Told once: the next night has nothing to add.
    third = build(lake, tmp_path / "third", THIRD_NIGHT, *WANTED, previous=as_edition(now, tmp_path / "second"))
    assert third.rows("FROM rank_division_history") == now.rows("FROM rank_division_history")


@pytest.mark.parametrize(
    "lack",
    [
        "DROP TABLE edition_history",
        "DROP TABLE rank_division_history",
        "ALTER TABLE rank_division_history DROP COLUMN units",
    ],
)
def test_after_an_edition_of_an_older_program_the_history_begins_anew(
    lack: str, nights: list[Build], tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    land(lake, "1-first", NIGHT, first_night())
    was = altered(nights[0], tmp_path / "was", lack)
    now = build(lake, tmp_path, NEXT_NIGHT, *WANTED, previous=was)
    [edition] = now.rows("FROM edition_history")
    assert (edition["position"], edition["edition_id"]) == (1, IDS[1])
    assert {row["since_edition_id"] for row in now.rows("FROM rank_division_history")} == {IDS[1]}
    assert now.row("FROM rank_division WHERE division_key = 'two'")["previous_rank"] == 1


def test_the_score_of_the_year_is_kept_exactly(nights: list[Build]) -> None:
    scores = nights[3].rows(
        f"SELECT score FROM rank_division_history WHERE division_key = 'one' AND fiscal_year = {YEAR} "
        "AND method_id = '2026.1' ORDER BY since_as_of"
    )
    assert len(scores) == 2 and all(isinstance(row["score"], Decimal) for row in scores)
    assert scores[0] != scores[1]
