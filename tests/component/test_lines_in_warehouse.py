"""What reforms leave in the warehouse: departments with validity and lines, ranks that go on, divisions that change."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest import registers
from tests.component.small_lake import (
    NEXT_NIGHT,
    NIGHT,
    NO_UNIT_TESTS,
    YEAR,
    Build,
    Row,
    Rows,
    build,
    due,
    land,
    version,
    whole_report,
)

DIVISION_HEADER = (
    "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key,map_parent_key,"
    "province_key,valid_from,valid_to,source\n"
)
# Two provinces in files of one kind. In the first: a county whose code and name change, a district that takes another
# one in, and a functional zone that lies in a district and answers to the city.
FIRST_PROVINCE = (
    "east,900000,900000000,甲省,,province,,,,,east,2018-01-01,,made up\n"
    "city,900100,900100000,甲州市,,prefecture,东部,,east,east,east,2018-01-01,,made up\n"
    "one,900121,900121000,示例县,,county,东部,county,city,city,east,2018-01-01,2023-12-31,made up\n"
    "one,900181,900181000,示例市,,county_level_city,东部,county,city,city,east,2024-01-01,,made up\n"
    "old,900102,900102000,旧城区,,district,东部,district,city,city,east,2018-01-01,2024-05-31,made up\n"
    "new,900103,900103000,新城区,,district,东部,district,city,city,east,2018-01-01,,made up\n"
    "zone,,,甲州高新技术产业开发区,,functional_zone,东部,zone,city,new,east,2018-01-01,,made up\n"
)
SECOND_PROVINCE = (
    "west,910000,910000000,乙省,,province,,,,,west,2018-01-01,,made up\n"
    "four,910122,910122000,范例县,,county,西部,county,west,west,west,2018-01-01,,made up\n"
)


def change(kind: str, old: str, new: str | None, on: date, principal: bool = False) -> Row:
    names = {"old": old, "new": new}
    row: Row = {"changed_on": on, "kind": kind, "is_principal": principal, "source": "文件"}
    for side, key in names.items():
        name = key and key.partition("-")[2]
        row |= {f"{side}_name": name, f"{side}_department_key": key, f"{side}_department_name": name and f"{name}局"}
    return row | {
        "division_key": old.partition("-")[0],
        "new_division_key": new.partition("-")[0] if new else None,
    }


def reports(*departments: str) -> Rows:
    return {
        "submission_version": [version(department) for department in departments],
        "claim": [claim for department in departments for claim in whole_report(f"{department}-v1")],
    }


def divisions(place: Path) -> list[Row]:
    for name, lines in (("first", FIRST_PROVINCE), ("second", SECOND_PROVINCE)):
        (place / name).mkdir()
        (place / name / "divisions.csv").write_text(DIVISION_HEADER + lines, encoding="utf-8")
    return registers.division_rows([place])


RENAMED_ON, MERGED_ON, FUTURE = date(YEAR + 1, 3, 1), date(YEAR, 6, 1), date(YEAR + 5, 1, 1)
CHANGES = [
    change("rename", "one-trade", "one-commerce", RENAMED_ON),
    change("rename", "one-commerce", "one-market", FUTURE),
    change("merge", "one-health", "one-care", MERGED_ON),
    change("merge", "one-family", "one-care", MERGED_ON),
    change("split", "one-works", "one-roads", MERGED_ON, principal=True),
    change("split", "one-works", "one-water", MERGED_ON),
    change("transfer", "old-parks", "new-parks", RENAMED_ON),
    change("abolished", "one-salt", None, date(YEAR + 1, 1, 1)),
    change("void", "one-salt", "one-food", MERGED_ON),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first night knows no changes: reports come under names that the register of what is due does not have."""
    root = tmp_path_factory.mktemp("lake")
    land(root, "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    filed = reports("one-commerce", "one-health", "one-family", "one-works", "one-salt", "new-parks", "zone-trade",
                    "new-trade", "four-trade")  # fmt: skip
    owed = [due("one", name) for name in ("trade", "health", "family", "works", "salt")]
    owed += [due("old", "parks"), due("new", "trade"), due("zone", "trade"), due("four", "trade")]
    register = {"division": divisions(tmp_path_factory.mktemp("registers")), "due_submission": owed}
    land(root, "1-first", NIGHT, filed | register)
    return root


@pytest.fixture(scope="module")
def first(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("first"), NIGHT, *NO_UNIT_TESTS)


@pytest.fixture(scope="module")
def second(lake: Path, first: Build, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The night after: the changes are registered, and the renamed department hands in again under its old name."""
    edition = tmp_path_factory.mktemp("edition")
    (edition / "parquet").mkdir()
    with duckdb.connect(str(first.path), read_only=True) as con:
        con.execute(f"COPY rank_department TO '{edition}/parquet/rank_department.parquet' (FORMAT parquet)")
        con.execute(f"COPY rank_division TO '{edition}/parquet/rank_division.parquet' (FORMAT parquet)")
    again = {"submission_version": [version("one-trade", number=2)], "claim": whole_report("one-trade-v2")}
    withdrawal = {
        "act_id": "w", "kind": "withdrawal", "submission_id": f"new-parks-{YEAR}", "words": "误报", "by": "甲",
        "at": NEXT_NIGHT,
    }  # fmt: skip
    waiver = {
        "act_id": "x", "kind": "waiver", "rule_id": "B06", "department_key": "one-commerce", "words": "口径",
        "by": "甲", "approved_by": "乙", "valid_until": date(YEAR + 2, 1, 1), "at": NEXT_NIGHT,
    }  # fmt: skip
    finding = {
        "finding_id": "f", "submission_version_id": "one-trade-v2", "rule_id": "B06", "severity": "P1",
        "outcome": "fail",
    }  # fmt: skip
    land(
        lake,
        "2-second",
        NEXT_NIGHT,
        {"department_change": CHANGES, "act": [withdrawal, waiver], "finding": [finding]} | again,
    )
    return build(lake, tmp_path_factory.mktemp("second"), NEXT_NIGHT, *NO_UNIT_TESTS, previous=edition)


# Departments ------------------------------------------------------------------------------------------------------


def test_departments_have_validity_successors_and_lines(second: Build) -> None:
    columns = "department_key, valid_from, valid_to, succeeded_by, line_key"
    found = {
        row.pop("department_key"): tuple(row.values()) for row in second.rows(f"SELECT {columns} FROM dim_department")
    }
    new_year = date(YEAR, 1, 1)
    assert {key: row for key, row in found.items() if row[0] != new_year or row[1] or row[2]} == {
        "one-trade": (new_year, date(2025, 2, 28), "one-commerce", "one-commerce"),
        "one-commerce": (RENAMED_ON, None, None, "one-commerce"),  # it will be renamed again, but not yet
        "one-health": (new_year, date(2024, 5, 31), "one-care", "one-care"),
        "one-family": (new_year, date(2024, 5, 31), "one-care", "one-care"),
        "one-care": (MERGED_ON, None, None, "one-care"),
        "one-works": (new_year, date(2024, 5, 31), "one-roads", "one-roads"),
        "one-roads": (MERGED_ON, None, None, "one-roads"),
        "old-parks": (new_year, date(2025, 2, 28), "new-parks", "new-parks"),
        "new-parks": (RENAMED_ON, None, None, "new-parks"),
        "one-salt": (new_year, date(2024, 12, 31), None, "one-salt"),
    }
    names = second.rows(
        "SELECT name FROM dim_department WHERE department_key IN ('one-trade', 'one-commerce') ORDER BY 1"
    )
    assert [row["name"] for row in names] == ["commerce局", "trade局"]


def test_reports_under_either_name_are_one_submission_of_the_years_department(first: Build, second: Build) -> None:
    reason = "SELECT unranked_reason FROM rank_department WHERE department_key = 'one-trade'"
    assert first.row(reason)["unranked_reason"] == "not_submitted"
    assert second.row(reason)["unranked_reason"] is None
    versions = second.rows("FROM dim_submission WHERE department_key = 'one-trade' ORDER BY version_number")
    assert [(row["submission_version_id"], row["status"]) for row in versions] == [
        ("one-commerce-v1", "superseded"), ("one-trade-v2", "accepted"),
    ]  # fmt: skip
    assert {row["submission_id"] for row in versions} == {f"one-commerce-{YEAR}"}
    assert second.rows("FROM dim_submission WHERE department_key = 'one-commerce'") == []
    # A waiver for the department by its newest name covers its finding.
    assert second.row("FROM fct_finding WHERE finding_id = 'f'")["waiver_id"] == "x"


def test_a_transfer_before_the_years_end_leaves_the_year_where_it_was(second: Build) -> None:
    moved = second.row("FROM dim_submission WHERE submission_version_id = 'new-parks-v1'")
    assert (moved["department_key"], moved["division_key"], moved["status"]) == ("old-parks", "old", "withdrawn")
    act = second.row("FROM fct_act WHERE act_id = 'w'")
    assert act["submission_id"] == moved["submission_id"]
    assert second.row("FROM rank_division WHERE division_key = 'old'")["unranked_reason"] == "not_submitted"


def test_a_rank_goes_on_under_the_line(first: Build, second: Build) -> None:
    then = first.row("FROM rank_department WHERE department_key = 'one-commerce'")
    now = second.row("FROM rank_department WHERE department_key = 'one-trade'")
    assert then["rank"] is not None and then["rank"] == now["previous_rank"]
    # Parts of a merger keep their own.
    parts = "FROM rank_department WHERE department_key IN ('one-health', 'one-family') ORDER BY department_key"
    assert [row["previous_rank"] for row in second.rows(parts)] == [row["rank"] for row in first.rows(parts)]


def test_changes_in_a_circle_end_and_are_told(lake: Path, tmp_path: Path) -> None:
    land(lake, "3-third", NEXT_NIGHT.replace(year=2027), {
        "department_change": [change("rename", "one-commerce", "one-trade", RENAMED_ON)],
    })  # fmt: skip
    with pytest.raises(AssertionError, match="lines_of_departments_end"):
        build(lake, tmp_path, NEXT_NIGHT.replace(year=2027), *NO_UNIT_TESTS, day=date(2025, 4, 3))


# Divisions --------------------------------------------------------------------------------------------------------


def test_a_division_keeps_its_key_through_a_new_code_and_name(first: Build) -> None:
    periods = first.rows("FROM dim_division WHERE division_key = 'one' ORDER BY valid_from")
    assert [(row["gb_code"], row["name"], row["valid_to"]) for row in periods] == [
        ("900121", "示例县", date(2023, 12, 31)), ("900181", "示例市", None),
    ]  # fmt: skip
    assert len(first.rows("FROM rank_division WHERE division_key = 'one'")) == 1


def test_a_zone_is_ranked_beside_the_district_it_lies_in(first: Build) -> None:
    zone = first.row("FROM dim_division WHERE division_key = 'zone'")
    assert (zone["gb_code"], zone["fiscal_parent_key"], zone["map_parent_key"]) == (None, "city", "new")
    ranks = first.rows("FROM rank_division WHERE division_key IN ('zone', 'new') ORDER BY division_key")
    assert [(row["league"], row["rank"], row["accepted"]) for row in ranks] == [("district", 1, 1), ("zone", 1, 1)]


def test_a_second_province_is_one_more_file(first: Build) -> None:
    ranks = first.rows("FROM rank_division WHERE league = 'county' ORDER BY province_key")
    assert [(row["province_key"], row["division_key"], row["rank"]) for row in ranks] == [
        ("east", "one", 1), ("west", "four", 1),
    ]  # fmt: skip


def test_a_division_that_went_into_another_is_over(second: Build) -> None:
    over = second.row("FROM dim_division WHERE division_key = 'old'")
    taking = second.row("FROM dim_division WHERE division_key = 'new'")
    assert (over["valid_to"], taking["valid_to"]) == (date(2024, 5, 31), None)
    # What it owed is still counted as its own, not as that of the division that took it in.
    due = second.rows("SELECT division_key, due FROM filing_division WHERE division_key IN ('old', 'new') ORDER BY 1")
    assert [tuple(row.values()) for row in due] == [("new", 1), ("old", 1)]
