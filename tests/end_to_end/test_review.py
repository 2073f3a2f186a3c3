"""The review queue by its commands: a report with an unknown indicator, an answer, and the facts it makes."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.lake import Lake
from tests.nights import SAMPLE, Home

BRIDGES = "改造危桥"
WHO = ("--by", "甲", "--reason", "交通部门的常用指标")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample's reports about bridges, taken in and built, not published."""
    home = Home(tmp_path_factory.mktemp("home"))
    inbox = tmp_path_factory.mktemp("inbox")
    for path in sorted((SAMPLE / "inbox").glob("*.txt")):
        if BRIDGES.encode() in path.read_bytes():
            shutil.copy(path, inbox)
    taken_in = home.command("intake", "--inbox", str(inbox), "--registers", str(SAMPLE / "registers"))
    assert taken_in.returncode == 0, taken_in.stderr
    return home


def build(home: Home) -> tuple[Path, str]:
    """Build privately; gives the warehouse and the digest of the lake it was built from."""
    built = home.command("build")
    assert built.returncode == 0, built.stderr
    facts = json.loads(built.stdout.splitlines()[-1])
    places = home.path.glob(f"private/*/{facts['edition_id']}/warehouse.duckdb")
    return max(places, key=lambda path: path.stat().st_mtime_ns), facts["lake_digest"]


def count(warehouse: Path, query: str) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [[found]] = connection.execute(f"select count(*) {query}").fetchall()
    return int(found)


def questions(home: Home) -> dict[str, dict[str, object]]:
    listed = home.command("review", "--json", "--limit", "1000")
    assert listed.returncode == 0, listed.stderr
    return {f"{row['question']} {row['surface']} {row['unit_family']}": row for row in json.loads(listed.stdout)}


def test_an_answer_makes_facts_and_is_given_once(home: Home) -> None:
    assert home.command("review").returncode == 4  # nothing is built yet
    before, _ = build(home)
    assert json.loads((before.parent / "build.json").read_text(encoding="utf-8"))["failures"] == []
    facts = "from fct_indicator_outcome where indicator_key = 'bridges_rebuilt'"
    assert count(before, facts) == 0
    asked = questions(home)
    item = asked[f"indicator {BRIDGES} count"]
    assert BRIDGES in home.command("review").stdout

    made = ("--new", "bridges_rebuilt", "--title", BRIDGES, "--category", "output_quantity")
    answer = ("review", "answer", str(item["review_item_id"]))
    assert home.command(*answer, "--as", "bridges_rebuilt", *WHO).returncode == 2
    assert home.command(*answer, "--none", *made, *WHO).returncode == 2
    taken = home.command(*answer, *made, *WHO)
    assert taken.returncode == 0 and "recorded" in taken.stdout, taken.stderr
    assert questions(home).keys() == asked.keys() - {f"indicator {BRIDGES} count"}

    after, digest = build(home)
    assert count(after, facts) == item["version_count"]
    assert count(after, "from fct_claim where indicator_resolved_by = 'answer'") == item["claim_count"]
    again = json.loads(home.command(*answer, *made, *WHO, "--json").stdout)
    assert again["recorded"] is False and again["answered_by"] == "甲"
    lake = Lake(home.path / "lake")
    assert lake.state(lake.newest())[0] == digest, "what is built next is the same"
